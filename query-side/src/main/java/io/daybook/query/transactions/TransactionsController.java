package io.daybook.query.transactions;

import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.ProblemCode;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Transactions of a ledger. */
@RestController
class TransactionsController {

    private final BooksReplicas books;

    TransactionsController(BooksReplicas books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/transactions")
    ResponseEntity<Page<TransactionView>> list(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.ofListWithMetadata(request, "account", "reference", "from", "to");
        TransactionFilter filter = TransactionFilter.of(parameters);
        int limit = parameters.limit();
        Optional<Cursor> cursor = parameters.cursor(2);
        long before = cursor.map(c -> c.number(1)).orElse(Long.MAX_VALUE);
        return Answers.of(books.read(
                ledger,
                Freshness.of(request).continuing(cursor),
                (jdbc, sequence) -> Page.of(
                        TransactionQueries.list(jdbc, ledger, filter, before, limit + 1),
                        limit,
                        last -> parameters.cursorAfter(sequence, last.sequence()))));
    }

    @GetMapping("/v1/ledgers/{ledger}/transactions/{id}")
    ResponseEntity<TransactionView> one(
            @PathVariable("ledger") String name, @PathVariable("id") String idText, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        UUID id = RequestValues.uuid("id", idText);
        Parameters.of(request);
        return Answers.of(
                books.read(ledger, Freshness.of(request), (jdbc, sequence) -> TransactionQueries.one(jdbc, ledger, id)
                        .orElseThrow(() -> Answers.notFound(
                                ProblemCode.TRANSACTION_NOT_FOUND,
                                "ledger '" + ledger + "' has no transaction " + id + " at sequence " + sequence,
                                sequence))));
    }
}
