package io.daybook.query.transactions;

import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import io.daybook.query.store.AccountEntries;
import io.daybook.query.store.MetadataFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of transactions. Their postings are in their events. */
final class TransactionQueries {

    private static final String COLUMNS = """
            select t.id, t.ledger, t.sequence, t.reference, e.data -> 'postings' as postings, t.metadata,
                   t.effective_at, e.recorded_at, t.reverses, t.reversed_by, t.hold, e.hash
            """;

    private static final String ALL = """
              from transaction t
              join event e on e.ledger = t.ledger and e.sequence = t.sequence
            """;

    /** Goes along the account's entries, which are few in a large ledger, and not along all transactions. */
    private static final String OF_ACCOUNT = """
              from (select distinct sequence
                      from %s entry
                     where sequence < :before
                     order by sequence desc) mine
              join transaction t on t.ledger = :ledger and t.sequence = mine.sequence
              join event e on e.ledger = t.ledger and e.sequence = t.sequence
            """;

    private TransactionQueries() {}

    /**
     * Transactions, newest first.
     *
     * @param before the sequence before which they stand
     */
    static List<TransactionView> list(
            JdbcClient jdbc, LedgerId ledger, TransactionFilter filter, long before, int rows) {
        Map<String, Object> values = new HashMap<>();
        values.put("ledger", ledger.value());
        values.put("before", before);
        values.put("rows", rows);
        StringBuilder sql = new StringBuilder(COLUMNS);
        sql.append(filter.account()
                        .map(account -> OF_ACCOUNT.formatted(
                                AccountEntries.of(jdbc, ledger, account).relation(values)))
                        .orElse(ALL))
                // Told of the event too: else it would be read from the newest on, and each page would take longer.
                .append(" where t.ledger = :ledger and t.sequence < :before and e.sequence < :before");
        filter.reference().ifPresent(reference -> {
            sql.append(" and t.reference = :reference");
            values.put("reference", reference);
        });
        filter.span().from().ifPresent(from -> {
            sql.append(" and t.effective_at >= :from");
            values.put("from", from.atOffset(ZoneOffset.UTC));
        });
        filter.span().to().ifPresent(to -> {
            sql.append(" and t.effective_at < :to");
            values.put("to", to.atOffset(ZoneOffset.UTC));
        });
        sql.append(MetadataFilter.condition("t.metadata", filter.metadata(), values));
        sql.append(" order by t.sequence desc limit :rows");
        return jdbc.sql(sql.toString())
                .params(values)
                .query(TransactionQueries::view)
                .list();
    }

    static Optional<TransactionView> one(JdbcClient jdbc, LedgerId ledger, UUID id) {
        return jdbc.sql(COLUMNS + ALL + " where t.ledger = :ledger and t.id = :id")
                .param("ledger", ledger.value())
                .param("id", id)
                .query(TransactionQueries::view)
                .optional();
    }

    private static TransactionView view(ResultSet row, int number) throws SQLException {
        return new TransactionView(
                row.getObject("id", UUID.class),
                new LedgerId(row.getString("ledger")),
                row.getLong("sequence"),
                row.getString("reference"),
                new Json(row.getString("postings")),
                new Json(row.getString("metadata")),
                row.getObject("effective_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getObject("reverses", UUID.class),
                row.getObject("reversed_by", UUID.class),
                row.getObject("hold", UUID.class),
                row.getString("hash"));
    }
}
