package io.daybook.query.holds;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of holds. */
final class HoldQueries {

    private static final String HOLDS = """
            select id, ledger, source, destination, asset, amount, captured, remaining, state, expires_at, metadata,
                   sequence, placed_at
              from hold
             where ledger = :ledger""";

    private HoldQueries() {}

    /**
     * Holds, newest first.
     *
     * @param before the sequence before which they were placed
     */
    static List<HoldView> list(JdbcClient jdbc, LedgerId ledger, Optional<String> state, long before, int rows) {
        Map<String, Object> values = new HashMap<>();
        values.put("ledger", ledger.value());
        values.put("before", before);
        values.put("rows", rows);
        state.ifPresent(wanted -> values.put("state", wanted));
        return jdbc.sql(HOLDS + (state.isPresent() ? " and state = :state" : "")
                        + " and sequence < :before order by sequence desc limit :rows")
                .params(values)
                .query(HoldQueries::view)
                .list();
    }

    static Optional<HoldView> one(JdbcClient jdbc, LedgerId ledger, UUID id) {
        return jdbc.sql(HOLDS + " and id = :id")
                .param("ledger", ledger.value())
                .param("id", id)
                .query(HoldQueries::view)
                .optional();
    }

    private static HoldView view(ResultSet row, int number) throws SQLException {
        String destination = row.getString("destination");
        OffsetDateTime expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        return new HoldView(
                row.getObject("id", UUID.class),
                new LedgerId(row.getString("ledger")),
                new AccountAddress(row.getString("source")),
                destination == null ? null : new AccountAddress(destination),
                row.getString("asset"),
                amount(row, "amount"),
                amount(row, "captured"),
                amount(row, "remaining"),
                row.getString("state"),
                expiresAt == null ? null : expiresAt.toInstant(),
                new Json(row.getString("metadata")),
                row.getLong("sequence"),
                row.getObject("placed_at", OffsetDateTime.class).toInstant());
    }

    private static Amount amount(ResultSet row, String column) throws SQLException {
        return Amount.of(row.getBigDecimal(column).toBigIntegerExact());
    }
}
