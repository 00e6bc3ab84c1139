package io.daybook.query.accounts;

import io.daybook.http.Page;
import io.daybook.http.RequestValues;
import io.daybook.query.accounts.EntryQueries.Position;
import io.daybook.query.accounts.EntryQueries.Statement;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AccountEntries;
import io.daybook.query.store.BooksReplicas;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Statements of accounts, in the order in which they were recorded, or from the newest line back. */
@RestController
class EntriesController {

    private static final String ORDER = "order";
    private static final String ASCENDING = "asc";
    private static final String DESCENDING = "desc";

    private final BooksReplicas books;

    EntriesController(BooksReplicas books) {
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
                    EntryQueries.list(jdbc, statement, all),
                    limit,
                    last -> parameters.cursorAfter(sequence, last.sequence(), last.posting()));
        }));
    }
}
