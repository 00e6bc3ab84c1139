package io.daybook.query.projections;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.projections.ProjectionView.ParkedView;
import io.daybook.query.projections.ProjectionView.RebuildState;
import io.daybook.query.projections.ProjectionView.RebuildView;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.Books;
import io.daybook.query.store.ParkedLedgers.ParkedLedger;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
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
                        select name, p.generation,
                               case when p.updated_at < now() - interval '10 seconds' then 'not-running'
                                    else p.state end as state,
                               lag_events, lag_millis, rate, parked,
                               case when p.updated_at >= now() - interval '10 seconds' then incomplete end as incomplete,
                               p.detail,
                               coalesce(live_format, format) as live_format, format,
                               case when g.state in ('building', 'paused') and aside_format = format and not dry_run
                                    then case g.state when 'building' then 'running' else 'paused' end
                                    when rebuild_asked and wanted is null then 'given-up'
                                    else 'due' end as rebuild,
                               events, behind, g.detail as rebuild_detail
                          from projection p
                          join generation g on g.projection = p.name
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
                        row.getInt("live_format") < row.getInt("format") ? rebuild(row) : null,
                        parkedIn(row.getString("name"), parked)))
                .list();
    }

    private static RebuildView rebuild(ResultSet row) throws SQLException {
        RebuildState state = RebuildState.of(row.getString("rebuild"));
        boolean isBegun = state == RebuildState.RUNNING || state == RebuildState.PAUSED;
        return new RebuildView(
                state,
                row.getInt("live_format"),
                row.getInt("format"),
                isBegun ? row.getLong("events") : null,
                isBegun ? row.getLong("behind") : null,
                row.getString("rebuild_detail"));
    }

    private static List<ParkedView> parkedIn(String projection, List<ParkedLedger> parked) {
        return parked.stream()
                .filter(waiting -> waiting.projection().equals(projection))
                .limit(MAX_TOLD)
                .map(ParkedView::of)
                .toList();
    }
}
