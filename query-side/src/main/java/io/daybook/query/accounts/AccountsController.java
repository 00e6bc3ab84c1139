package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Page;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.Books;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Accounts with their balances. */
@RestController("queryAccounts")
class AccountsController {

    private final Books books;
    private final CurrentAccounts current;

    AccountsController(Books books, CurrentAccounts current) {
        this.books = books;
        this.current = current;
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts")
    ResponseEntity<Page<AccountView>> list(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.ofListWithMetadata(request, "prefix");
        int limit = parameters.limit();
        String prefix = parameters.prefix();
        Map<String, String> metadata = parameters.metadata();
        Optional<Cursor> cursor = parameters.cursor(2);
        String after = cursor.map(c -> c.value(1, AccountAddress::new).value()).orElse("");
        return Answers.of(books.read(
                ledger,
                Freshness.of(request).continuing(cursor),
                (jdbc, sequence) -> Page.of(
                        AccountQueries.list(jdbc, ledger, sequence, prefix, metadata, after, limit + 1),
                        limit,
                        last -> parameters.cursorAfter(sequence, last.account()))));
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts/{account}")
    ResponseEntity<AccountView> one(
            @PathVariable("ledger") String name, @PathVariable("account") String address, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        AccountAddress account = RequestValues.account("account", address);
        Parameters parameters = Parameters.of(request, "at", "asOf");
        @Nullable Instant at = parameters.time("at").orElse(null);
        OptionalLong asOf = parameters.number("asOf", 1, Long.MAX_VALUE);
        Freshness freshness = Freshness.of(request);
        if (at == null && asOf.isEmpty()) {
            return Answers.of(current.read(ledger, account, freshness));
        }
        // The books as of a sequence that is still to come are not known: it is waited for.
        return Answers.of(books.read(ledger, freshness.atLeast(asOf.orElse(0)), (jdbc, sequence) -> {
            if (at == null) {
                return AccountQueries.asOf(jdbc, ledger, account, sequence, asOf.getAsLong());
            }
            return AccountQueries.at(jdbc, ledger, account, sequence, at, asOf.isPresent() ? asOf.getAsLong() : null);
        }));
    }
}
