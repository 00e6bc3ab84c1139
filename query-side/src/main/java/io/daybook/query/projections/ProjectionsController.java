package io.daybook.query.projections;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.ParkedLedgers.ParkedLedger;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How far the books are. */
@RestController
class ProjectionsController {

    record ProjectionsView(List<?> data) {}

    /** A projection with how far it is in the ledger that was asked for. */
    record InLedgerView(
            @JsonUnwrapped ProjectionView projection,
            @Nullable Long sequence) {}

    private final BooksReplicas books;
    private final LedgerPositions positions;

    ProjectionsController(BooksReplicas books, LedgerPositions positions) {
        this.books = books;
        this.positions = positions;
    }

    @GetMapping("/v1/projections")
    ProjectionsView list(HttpServletRequest request) {
        Parameters parameters = Parameters.of(request, "ledger");
        LedgerId ledger = parameters
                .text("ledger", LedgerId.MAX_LENGTH)
                .map(RequestValues::ledger)
                .orElse(null);
        List<ParkedLedger> parked = books.parked().all().stream()
                .filter(waiting -> ledger == null || waiting.ledger().equals(ledger.value()))
                .toList();
        List<ProjectionView> projections = books.readPrimary(jdbc -> ProjectionQueries.list(jdbc, parked));
        return new ProjectionsView(
                ledger == null
                        ? projections
                        : projections.stream()
                                .map(projection ->
                                        new InLedgerView(projection, positions.of(projection.name(), ledger)))
                                .toList());
    }
}
