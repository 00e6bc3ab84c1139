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
import io.daybook.query.store.Books;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Statements of accounts, in the order in which they were recorded. */
@RestController("queryEntries")
class EntriesController {

    /**
     * What a statement is of.
     *
     * @param from the first effective time of it
     * @param to the first effective time behind it
     */
    private record Statement(
            LedgerId ledger,
            AccountAddress account,
            Optional<Asset> asset,
            Optional<Instant> from,
            Optional<Instant> to,
            long afterSequence,
            int afterPosting,
            int rows) {}

    private final Books books;

    EntriesController(Books books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts/{account}/entries")
    ResponseEntity<Page<EntryView>> statement(
            @PathVariable("ledger") String name, @PathVariable("account") String address, HttpServletRequest request) {
        Parameters parameters = Parameters.ofList(request, "asset", "from", "to");
        int limit = parameters.limit();
        Optional<Cursor> cursor = parameters.cursor(3);
        Statement statement = new Statement(
                RequestValues.ledger(name),
                RequestValues.account("account", address),
                parameters.asset("asset"),
                parameters.time("from"),
                parameters.time("to"),
                cursor.map(c -> c.number(1)).orElse(0L),
                cursor.map(c -> c.value(2, Integer::valueOf)).orElse(0),
                limit + 1);
        return Answers.of(books.read(statement.ledger(), Freshness.of(request).continuing(cursor), (jdbc, sequence) -> {
            AccountQueries.existing(jdbc, statement.ledger(), statement.account(), sequence, sequence);
            return Page.of(
                    entries(jdbc, statement),
                    limit,
                    last -> parameters.cursorAfter(sequence, last.sequence(), last.posting()));
        }));
    }

    private static List<EntryView> entries(JdbcClient jdbc, Statement statement) {
        return jdbc.sql("""
                        select sequence, posting, transaction, asset, amount, balance, effective_at, recorded_at
                          from entry
                         where ledger = :ledger
                           and account = :account
                           and (sequence, posting) > (:afterSequence, :afterPosting)
                           and (:asset::text is null or asset = :asset)
                           and effective_at >= coalesce(:from::timestamptz, '-infinity')
                           and effective_at < coalesce(:to::timestamptz, 'infinity')
                         order by sequence, posting
                         limit :rows
                        """)
                .param("ledger", statement.ledger().value())
                .param("account", statement.account().value())
                .param("afterSequence", statement.afterSequence())
                .param("afterPosting", statement.afterPosting())
                .param("asset", statement.asset().map(Asset::name).orElse(null))
                .param(
                        "from",
                        statement.from().map(t -> t.atOffset(ZoneOffset.UTC)).orElse(null))
                .param("to", statement.to().map(t -> t.atOffset(ZoneOffset.UTC)).orElse(null))
                .param("rows", statement.rows())
                .query(EntriesController::view)
                .list();
    }

    private static EntryView view(ResultSet row, int number) throws SQLException {
        return new EntryView(
                row.getLong("sequence"),
                row.getInt("posting"),
                row.getObject("transaction", UUID.class),
                row.getString("asset"),
                row.getBigDecimal("amount").toBigIntegerExact().toString(),
                row.getBigDecimal("balance").toBigIntegerExact().toString(),
                row.getObject("effective_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant());
    }
}
