package io.daybook.query.transactions;

import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as the contract shows it.
 *
 * @param reference the client's own name for it, or null
 * @param postings as they were applied
 * @param metadata as it is now
 */
record TransactionView(
        UUID id,
        LedgerId ledger,
        long sequence,
        @Nullable String reference,
        Json postings,
        Json metadata,
        Instant effectiveAt,
        Instant recordedAt,
        String hash) {}
