package io.daybook.query.accounts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/**
 * A line of an account's statement.
 *
 * @param posting which of the transaction's postings it is a side of, from 0
 * @param amount negative if it went out
 * @param balance of the asset after it
 */
record EntryView(
        long sequence,
        @JsonIgnore int posting,
        UUID transaction,
        String asset,
        String amount,
        String balance,
        Instant effectiveAt,
        Instant recordedAt) {}
