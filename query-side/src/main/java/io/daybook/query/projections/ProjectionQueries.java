package io.daybook.query.projections;

import io.daybook.query.projections.ProjectionView.ParkedView;
import io.daybook.query.projections.ProjectionView.RebuildState;
import io.daybook.query.projections.ProjectionView.RebuildView;
import io.daybook.query.store.ParkedLedgers.ParkedLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of what projections tell of themselves. */
final class ProjectionQueries {

    /** More ledgers than these are counted and not told. */
    private static final int MAX_TOLD = 100;

    private ProjectionQueries() {}

    /**
     * All of them, in the order of their names.
     *
     * @param parked the ledgers that they wait with
     */
    static List<ProjectionView> list(JdbcClient jdbc, List<ParkedLedger> parked) {
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
