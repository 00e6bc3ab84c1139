package io.daybook.query.projections;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.projections.ProjectionView.ParkedView;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.Books;
import io.daybook.query.store.ParkedLedgers.ParkedLedger;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How far the books are. */
@RestController("queryProjections")
class ProjectionsController {

    record ProjectionsView(List<?> data) {}

    /** A projection with how far it is in the ledger that was asked for. */
    record InLedgerView(
            @JsonUnwrapped ProjectionView projection,
            @Nullable Long sequence) {}

    /** More ledgers than these are counted and not told. */
    private static final int MAX_TOLD = 100;

    private final Books books;
    private final LedgerPositions positions;

    ProjectionsController(Books books, LedgerPositions positions) {
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
        List<ProjectionView> projections = books.readPrimary(jdbc -> projections(jdbc, parked));
        return new ProjectionsView(
                ledger == null
                        ? projections
                        : projections.stream()
                                .map(projection ->
                                        new InLedgerView(projection, positions.of(projection.name(), ledger)))
                                .toList());
    }

    private static List<ProjectionView> projections(JdbcClient jdbc, List<ParkedLedger> parked) {
        return jdbc.sql("""
                        select name,
                               generation,
                               case when updated_at < now() - interval '10 seconds' then 'not-running'
                                    else state end as state,
                               lag_events, lag_millis, rate, parked,
                               case when updated_at >= now() - interval '10 seconds' then incomplete end as incomplete,
                               detail
                          from projection
                         order by name
                        """)
                .query((row, number) -> new ProjectionView(
                        row.getString("name"),
                        row.getInt("generation"),
                        row.getString("state"),
                        row.getLong("lag_events"),
                        row.getLong("lag_millis"),
                        row.getDouble("rate"),
                        row.getLong("parked"),
                        row.getObject("incomplete", Long.class),
                        row.getString("detail"),
                        parkedIn(row.getString("name"), parked)))
                .list();
    }

    private static List<ParkedView> parkedIn(String projection, List<ParkedLedger> parked) {
        return parked.stream()
                .filter(waiting -> waiting.projection().equals(projection))
                .limit(MAX_TOLD)
                .map(ParkedView::of)
                .toList();
    }
}
