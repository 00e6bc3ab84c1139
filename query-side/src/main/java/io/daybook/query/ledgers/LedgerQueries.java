package io.daybook.query.ledgers;

import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import io.daybook.query.store.MetadataFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of the table of ledgers. */
final class LedgerQueries {

    private LedgerQueries() {}

    static List<LedgerView> list(JdbcClient jdbc, Map<String, String> metadata, String after, int rows) {
        Map<String, Object> values = new HashMap<>();
        values.put("after", after);
        values.put("rows", rows);
        return jdbc.sql("""
                        select ledger, region, metadata, opened_at, sequence, accounts, transactions
                          from ledger
                         where ledger > :after %s
                         order by ledger
                         limit :rows
                        """.formatted(MetadataFilter.condition("metadata", metadata, values)))
                .params(values)
                .query(LedgerQueries::view)
                .list();
    }

    static LedgerView one(JdbcClient jdbc, LedgerId ledger) {
        return jdbc.sql("""
                        select ledger, region, metadata, opened_at, sequence, accounts, transactions
                          from ledger
                         where ledger = :ledger
                        """)
                .param("ledger", ledger.value())
                .query(LedgerQueries::view)
                .single();
    }

    private static LedgerView view(ResultSet row, int number) throws SQLException {
        return new LedgerView(
                new LedgerId(row.getString("ledger")),
                row.getString("region"),
                new Json(row.getString("metadata")),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                row.getLong("sequence"),
                row.getLong("accounts"),
                row.getLong("transactions"));
    }
}
