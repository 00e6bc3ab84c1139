package io.daybook.query.balances;

import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.Moment;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Sums of balances under a prefix: as they are, at an effective time, or as the books stood at a sequence. */
@RestController
class BalancesController {

    private final BooksReplicas books;

    BalancesController(BooksReplicas books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/balances")
    ResponseEntity<BalancesView> sums(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.of(request, "prefix", "at", "asOf");
        String prefix = parameters.prefix();
        Moment moment = Moment.of(parameters);
        return Answers.of(books.read(
                ledger,
                moment.demand(Freshness.of(request)),
                (jdbc, sequence) -> new BalancesView(
                        ledger, prefix, SumQueries.under(jdbc, ledger, prefix, moment), moment.sequence(sequence))));
    }
}
