package io.daybook.query.ledgers;

import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of the table of ledgers. */
final class LedgerQueries {

    private LedgerQueries() {}

    static List<LedgerView> list(JdbcClient jdbc, String after, int rows) {
        return jdbc.sql("""
                        select ledger, region, metadata, opened_at, sequence, accounts, transactions
                          from ledger
                         where ledger > :after
                         order by ledger
                         limit :rows
                        """)
                .param("after", after)
                .param("rows", rows)
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
