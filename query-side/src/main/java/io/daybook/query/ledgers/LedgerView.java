package io.daybook.query.ledgers;

import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as the contract shows it.
 *
 * @param region where its writes go, or null for the installation's own
 * @param sequence how far it has come in the books
 * @param accounts how many it has
 * @param transactions how many it has
 */
record LedgerView(
        LedgerId ledger,
        @Nullable String region,
        Json metadata,
        Instant openedAt,
        long sequence,
        long accounts,
        long transactions) {}
