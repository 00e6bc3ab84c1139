package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Page;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AccountEntries;
import io.daybook.query.store.Books;
import jakarta.servlet.http.HttpServletRequest;
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
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Statements of accounts, in the order in which they were recorded, or from the newest line back. */
@RestController
class EntriesController {

    /**
     * What a statement is of.
     *
     * @param span of effective times
     * @param newestFirst whether it is read from its end
     * @param position where the page before ended, or null for the first page
     */
    private record Statement(
            LedgerId ledger,
            AccountAddress account,
            Optional<Asset> asset,
            Parameters.Span span,
            boolean newestFirst,
            @Nullable Position position,
            int rows) {}

    /** A line of an account's statement. */
    private record Position(long sequence, int posting) {}

    private static final String ORDER = "order";
    private static final String ASCENDING = "asc";
    private static final String DESCENDING = "desc";

    private final Books books;

    EntriesController(Books books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts/{account}/entries")
    ResponseEntity<Page<EntryView>> statement(
            @PathVariable("ledger") String name, @PathVariable("account") String address, HttpServletRequest request) {
        Parameters parameters = Parameters.ofList(request, "asset", "from", "to", ORDER);
        int limit = parameters.limit();
        Optional<Cursor> cursor = parameters.cursor(3);
        Statement statement = new Statement(
                RequestValues.ledger(name),
                RequestValues.account("account", address),
                parameters.asset("asset"),
                parameters.span(),
                parameters
                        .oneOf(ORDER, ASCENDING, DESCENDING)
                        .filter(DESCENDING::equals)
                        .isPresent(),
                cursor.map(c -> new Position(c.number(1), c.value(2, Integer::valueOf)))
                        .orElse(null),
                limit + 1);
        return Answers.of(books.read(statement.ledger(), Freshness.of(request).continuing(cursor), (jdbc, sequence) -> {
            AccountEntries all = AccountEntries.of(jdbc, statement.ledger(), statement.account());
            if (all.assets().isEmpty()) {
                AccountQueries.requireExisting(jdbc, statement.ledger(), statement.account(), sequence);
            }
            return Page.of(
                    entries(jdbc, statement, all),
                    limit,
                    last -> parameters.cursorAfter(sequence, last.sequence(), last.posting()));
        }));
    }

    private static List<EntryView> entries(JdbcClient jdbc, Statement statement, AccountEntries all) {
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
