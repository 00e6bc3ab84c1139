package io.daybook.query.holds;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hold as the contract shows it. What was neither captured nor remains was given back to the source.
 *
 * @param destination where captures go unless they say otherwise, or null if each must say it
 * @param remaining what can still be captured
 * @param state open, captured, voided or expired
 * @param expiresAt when what is left is released by itself, or null for never
 * @param sequence of the event that placed it
 */
record HoldView(
        UUID id,
        LedgerId ledger,
        AccountAddress source,
        @Nullable AccountAddress destination,
        String asset,
        Amount amount,
        Amount captured,
        Amount remaining,
        String state,
        @Nullable Instant expiresAt,
        Json metadata,
        long sequence,
        Instant placedAt) {}
