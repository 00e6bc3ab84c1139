package io.daybook.query.ledgers;

import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The ledgers there are. */
@RestController
class LedgersController {

    private final BooksReplicas books;

    LedgersController(BooksReplicas books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers")
    Page<LedgerView> list(HttpServletRequest request) {
        Parameters parameters = Parameters.ofListWithMetadata(request);
        int limit = parameters.limit();
        Map<String, String> metadata = parameters.metadata();
        String after = parameters
                .cursor(1)
                .map(cursor -> cursor.value(0, LedgerId::new).value())
                .orElse("");
        return Page.of(
                books.read(jdbc -> LedgerQueries.list(jdbc, metadata, after, limit + 1)),
                limit,
                last -> parameters.cursorAfter(last.ledger()));
    }

    @GetMapping("/v1/ledgers/{ledger}")
    ResponseEntity<LedgerView> one(@PathVariable("ledger") String name, HttpServletRequest request) {
        Parameters.of(request);
        LedgerId ledger = RequestValues.ledger(name);
        return Answers.of(
                books.read(ledger, Freshness.of(request), (jdbc, sequence) -> LedgerQueries.one(jdbc, ledger)));
    }
}
