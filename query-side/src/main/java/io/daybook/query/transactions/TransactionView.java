package io.daybook.query.transactions;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param reverses the transaction that it undoes, or null
 * @param reversedBy the transaction that undid it, or null
 * @param hold the hold that the money was taken from, or null
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

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID reverses,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID reversedBy,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID hold,

        String hash) {}
