package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AccountEntries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of the entries of accounts. */
final class EntryQueries {

    /**
     * What a statement is of.
     *
     * @param span of effective times
     * @param newestFirst whether it is read from its end
     * @param position where the page before ended, or null for the first page
     */
    record Statement(
            LedgerId ledger,
            AccountAddress account,
            Optional<Asset> asset,
            Parameters.Span span,
            boolean newestFirst,
            @Nullable Position position,
            int rows) {}

    /** A line of an account's statement. */
    record Position(long sequence, int posting) {}

    private EntryQueries() {}

    /**
     * Lines of a statement.
     *
     * @param all that the account has
     */
    static List<EntryView> list(JdbcClient jdbc, Statement statement, AccountEntries all) {
        Map<String, Object> values = new HashMap<>();
        values.put("rows", statement.rows());
        AccountEntries wanted = statement.asset().map(all::only).orElse(all);
        StringBuilder sql = new StringBuilder("""
                select sequence, posting, transaction, balance_number, amount, balance, effective_at, recorded_at
                  from %s entry
                 where true""".formatted(wanted.relation(values)));
        Position position = statement.position();
        if (position != null) {
            sql.append(" and (sequence, posting) ")
                    .append(statement.newestFirst() ? '<' : '>')
                    .append(" (:sequence, :posting)");
            values.put("sequence", position.sequence());
            values.put("posting", position.posting());
        }
        statement.span().from().ifPresent(from -> {
            sql.append(" and effective_at >= :from");
            values.put("from", from.atOffset(ZoneOffset.UTC));
        });
        statement.span().to().ifPresent(to -> {
            sql.append(" and effective_at < :to");
            values.put("to", to.atOffset(ZoneOffset.UTC));
        });
        sql.append(
                statement.newestFirst()
                        ? " order by sequence desc, posting desc limit :rows"
                        : " order by sequence, posting limit :rows");
        return jdbc.sql(sql.toString())
                .params(values)
                .query((row, number) -> view(row, wanted.assets().get(row.getLong("balance_number"))))
                .list();
    }

    private static EntryView view(ResultSet row, Asset asset) throws SQLException {
        return new EntryView(
                row.getLong("sequence"),
                row.getInt("posting"),
                row.getObject("transaction", UUID.class),
                asset.name(),
                row.getBigDecimal("amount").toBigIntegerExact().toString(),
                row.getBigDecimal("balance").toBigIntegerExact().toString(),
                row.getObject("effective_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant());
    }
}
