package io.daybook.query.events;

import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A ledger's history, in order. */
@RestController
class EventsController {

    private final BooksReplicas books;

    EventsController(BooksReplicas books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/events")
    ResponseEntity<Page<EventView>> list(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.ofList(request, "after");
        int limit = parameters.limit();
        long start = parameters.number("after", 0, Long.MAX_VALUE).orElse(0);
        Optional<Cursor> cursor = parameters.cursor(2);
        long after = cursor.map(c -> c.number(1)).orElse(start);
        return Answers.of(books.read(
                ledger,
                Freshness.of(request).continuing(cursor),
                (jdbc, sequence) -> Page.of(
                        EventQueries.list(jdbc, ledger, after, limit + 1),
                        limit,
                        last -> parameters.cursorAfter(sequence, last.sequence()))));
    }
}
