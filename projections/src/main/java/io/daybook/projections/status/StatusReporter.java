package io.daybook.projections.status;

import io.daybook.projections.feed.ProjectionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes a line about each projection into the books, where every query node can read it, about once a second. */
final class StatusReporter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);

    /** Rates are smoothed: each second has this share of what is told. */
    private static final double NEWEST_SHARE = 0.3;

    /** Of one projection, what was seen at the last report. */
    private static final class Seen {
        private final ProjectionStatus status;
        private long applied;
        private double rate;
        private Instant at = Instant.now();
        private @Nullable String detail;

        Seen(ProjectionStatus status) {
            this.status = status;
        }
    }

    private final List<Seen> projections;
    private final ToLongFunction<String> eventsBehind;
    private final JdbcTemplate books;

    /**
     * @param eventsBehind how many events a projection has not applied yet, by its name
     */
    StatusReporter(List<ProjectionStatus> statuses, ToLongFunction<String> eventsBehind, JdbcTemplate books) {
        this.projections = statuses.stream().map(Seen::new).toList();
        this.eventsBehind = eventsBehind;
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
        Instant now = Instant.now();
        long applied = projection.status.applied();
        double seconds = Math.max(0.001, Duration.between(projection.at, now).toNanos() / 1e9);
        double latest = (applied - projection.applied) / seconds;
        projection.rate = projection.rate + NEWEST_SHARE * (latest - projection.rate);
        projection.applied = applied;
        projection.at = now;
        String detail = projection.status.detail();
        if (detail != null && !detail.equals(projection.detail)) {
            LOG.error("projection {} is stopped: {}", projection.status.name(), detail);
        } else if (detail == null && projection.detail != null) {
            LOG.info("projection {} runs", projection.status.name());
        }
        projection.detail = detail;
        long behind = eventsBehind.applyAsLong(projection.status.name());
        List<Long> parked = books.queryForList(
                """
                insert into projection (name, generation, state, lag_events, lag_millis, rate, parked, detail, updated_at)
                select projection, live, case when state = 'building' and ? = 'running' then 'replaying' else ? end,
                       ?, ?, ?,
                       (select coalesce(sum(last - sequence + 1), 0) from parked
                         where parked.projection = generation.projection and parked.generation = live),
                       ?, now()
                  from generation where projection = ?
                on conflict (name) do update
                   set generation = excluded.generation, state = excluded.state, lag_events = excluded.lag_events,
                       lag_millis = excluded.lag_millis, rate = excluded.rate, parked = excluded.parked,
                       detail = excluded.detail, updated_at = excluded.updated_at
                returning parked
                """,
                Long.class,
                state(projection.status, detail),
                state(projection.status, detail),
                behind,
                behind == 0 ? 0 : millisBehind(projection.status, now),
                Math.round(projection.rate * 10) / 10.0,
                detail,
                projection.status.name());
        parked.forEach(projection.status::parked);
    }

    private static String state(ProjectionStatus status, @Nullable String detail) {
        if (detail != null) {
            return "stopped";
        }
        return status.hasStarted() ? "running" : "starting";
    }

    /** How old the last applied event is: while there are others to apply, at least so far behind is it. */
    private static long millisBehind(ProjectionStatus status, Instant now) {
        Instant last = status.lastRecordedAt();
        return last == null ? 0 : Math.max(0, Duration.between(last, now).toMillis());
    }
}
