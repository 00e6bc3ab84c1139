package io.daybook.query.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as the contract shows it, as it was when it was recorded, with the balances that it led to.
 *
 * @param reference the client's own name for it, or null
 * @param reverses the transaction that it undoes, or null
 * @param hold the hold that it was captured from, or null
 * @param balances of each account that took part, by asset, right after it
 */
record StreamedTransaction(
        UUID id,
        LedgerId ledger,
        long sequence,
        @Nullable String reference,
        Json postings,
        Json metadata,
        Instant effectiveAt,
        Instant recordedAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID reverses,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID hold,

        String hash,
        Json balances) {}
