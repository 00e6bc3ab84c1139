package io.daybook.query.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.events.HashChain;
import io.daybook.query.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was recorded.
 *
 * @param effectiveAt business time, or null if it has none
 * @param requestId the request that caused it
 * @param actor who asked
 * @param data the canonical JSON that the hash is over
 * @param chain the version of the hash chain that the hash is of; null for the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventView(
        long sequence,
        UUID id,
        String type,
        Instant recordedAt,
        @Nullable Instant effectiveAt,
        String requestId,
        String actor,
        Json data,
        @Nullable Integer chain,
        String hash) {

    /** Of a row with the columns of the table {@code event}. */
    public static EventView of(ResultSet row, int number) throws SQLException {
        int chain = row.getInt("chain");
        OffsetDateTime effectiveAt = row.getObject("effective_at", OffsetDateTime.class);
        return new EventView(
                row.getLong("sequence"),
                row.getObject("id", UUID.class),
                row.getString("type"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                effectiveAt == null ? null : effectiveAt.toInstant(),
                row.getString("request_id"),
                row.getString("actor"),
                new Json(row.getString("data")),
                chain == HashChain.FIRST_VERSION ? null : chain,
                row.getString("hash"));
    }
}
