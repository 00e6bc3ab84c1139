package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.RequestValues;
import io.daybook.query.accounts.AccountQueries.Wanted;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.Moment;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Accounts with their balances: as they are, at an effective time, or as the books stood at a sequence. */
@RestController
class AccountsController {

    private final BooksReplicas books;
    private final CurrentAccounts current;

    AccountsController(BooksReplicas books, CurrentAccounts current) {
        this.books = books;
        this.current = current;
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts")
    ResponseEntity<Page<AccountView>> list(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.ofListWithMetadata(request, "prefix", "at", "asOf");
        int limit = parameters.limit();
        Moment moment = Moment.of(parameters);
        Optional<Cursor> cursor = parameters.cursor(2);
        Wanted wanted = new Wanted(
                ledger,
                parameters.prefix(),
                parameters.metadata(),
                cursor.map(c -> c.value(1, AccountAddress::new).value()).orElse(""),
                limit + 1);
        return Answers.of(books.read(
                ledger,
                moment.demand(Freshness.of(request).continuing(cursor)),
                (jdbc, sequence) -> Page.of(
                        AccountQueries.list(jdbc, wanted, moment, sequence),
                        limit,
                        last -> parameters.cursorAfter(sequence, last.account()))));
    }

    @GetMapping("/v1/ledgers/{ledger}/accounts/{account}")
    ResponseEntity<AccountView> one(
            @PathVariable("ledger") String name, @PathVariable("account") String address, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        AccountAddress account = RequestValues.account("account", address);
        Moment moment = Moment.of(Parameters.of(request, "at", "asOf"));
        Freshness freshness = moment.demand(Freshness.of(request));
        return Answers.of(
                moment.isNow()
                        ? current.read(ledger, account, freshness)
                        : books.read(
                                ledger,
                                freshness,
                                (jdbc, sequence) -> AccountQueries.one(jdbc, ledger, account, moment, sequence)));
    }
}
