package io.daybook.projections.status;

import io.daybook.projections.posting.ProjectionStatus;
import io.daybook.projections.posting.Rate;
import io.daybook.projections.posting.RunningProjection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes a line about each projection into the books, where every query node can read it, about once a second. The line is that
 * of the node that reads; others write it only if they cannot work, and nobody else has for a while.
 */
final class StatusReporter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);

    /** When a line is so old, who reads does not tell, or nobody reads. */
    private static final int SILENT_SECONDS = 5;

    /** When the guard has told nothing for so long, what it has found is not known. */
    private static final int GUARD_SILENT_SECONDS = 30;

    /** Of one projection, what was seen at the last report. */
    private static final class Seen {
        private final Lag lag;
        private final RunningProjection running;
        private final ProjectionStatus status;
        private final Rate rate = new Rate();
        private @Nullable String detail;

        Seen(Lag lag) {
            this.lag = lag;
            this.running = lag.projection();
            this.status = running.status();
        }
    }

    private final List<Seen> projections;
    private final JdbcTemplate books;

    StatusReporter(List<Lag> lags, JdbcTemplate books) {
        this.projections = lags.stream().map(Seen::new).toList();
        this.books = books;
    }

    void report() {
        for (Seen projection : projections) {
            try {
                report(projection);
            } catch (RuntimeException e) {
                LOG.debug("the status of {} cannot be told now", projection.status.name(), e);
            }
        }
    }

    private void report(Seen projection) {
        double rate = projection.rate.at(projection.status.applied());
        String detail = projection.status.detail();
        if (detail != null && !detail.equals(projection.detail)) {
            LOG.error("projection {} is stopped: {}", projection.status.name(), detail);
        } else if (detail == null && projection.detail != null) {
            LOG.info("projection {} runs", projection.status.name());
        }
        projection.detail = detail;
        projection.lag.look();
        boolean reads = projection.running.isReading();
        boolean works = projection.status.hasStarted() && detail == null;
        books.query(
                """
                with seen as (
                    select projection, live, case when ? <> 'running' then ?
                                                  when state = 'building' then 'replaying'
                                                  when found.incomplete > 0 then 'incomplete'
                                                  else 'running' end as state,
                           (select coalesce(sum(last - sequence + 1), 0) from parked
                             where parked.projection = generation.projection and parked.generation = live) as parked,
                           found.incomplete, found.behind, found.behind_millis, healed
                      from generation
                      join guarded using (projection)
                      left join lateral (
                           select (select count(*) from incomplete
                                    where incomplete.projection = generation.projection and generation = live
                                      and incomplete.state <> 'healed') as incomplete,
                                  guarded.behind,
                                  coalesce(1000 * extract(epoch from now() - behind_since), 0)::bigint as behind_millis
                            where known and guarded.updated_at > now() - make_interval(secs => ?)) found on true
                     where projection = ?),
                told as (
                    insert into projection as before
                           (name, generation, state, lag_events, lag_millis, rate, parked, incomplete, detail, updated_at)
                    select projection, live, state, greatest(?, behind), greatest(?, behind_millis), ?, parked, incomplete, ?,
                           now()
                      from seen where ?
                    on conflict (name) do update
                       set generation = excluded.generation, state = excluded.state, lag_events = excluded.lag_events,
                           lag_millis = excluded.lag_millis, rate = excluded.rate, parked = excluded.parked,
                           incomplete = excluded.incomplete, detail = excluded.detail, updated_at = excluded.updated_at
                     where ? or before.updated_at < now() - make_interval(secs => ?))
                select parked, incomplete, behind, behind_millis, healed from seen
                """,
                row -> {
                    projection.status.parked(row.getLong("parked"));
                    projection.status.guarded(row.getObject("incomplete", Long.class), row.getLong("healed"));
                    projection.lag.inStore(row.getLong("behind"), Duration.ofMillis(row.getLong("behind_millis")));
                },
                state(projection.status, detail),
                state(projection.status, detail),
                GUARD_SILENT_SECONDS,
                projection.status.name(),
                projection.lag.unread(),
                projection.lag.unreadTime().toMillis(),
                rate,
                detail,
                reads || !works,
                reads,
                SILENT_SECONDS);
    }

    private static String state(ProjectionStatus status, @Nullable String detail) {
        if (detail != null) {
            return "stopped";
        }
        return status.hasStarted() ? "running" : "starting";
    }
}
