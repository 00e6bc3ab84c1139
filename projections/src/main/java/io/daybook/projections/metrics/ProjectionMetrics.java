package io.daybook.projections.metrics;

import io.daybook.projections.feed.ProjectionStatus;
import io.daybook.projections.feed.RunningProjection;
import io.daybook.projections.status.EndOfTopic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How far each projection is, and whether it goes on: what {@code GET /v1/projections} tells, of this process. */
final class ProjectionMetrics implements MeterBinder {

    private static final String PROJECTION = "projection";

    private final List<RunningProjection> projections;
    private final EndOfTopic end;

    ProjectionMetrics(List<RunningProjection> projections, EndOfTopic end) {
        this.projections = projections;
        this.end = end;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        projections.forEach(projection -> bind(registry, projection));
    }

    private void bind(MeterRegistry registry, RunningProjection projection) {
        ProjectionStatus status = projection.status();
        // The unit is part of the name: events and seconds of the same thing are two metrics.
        Gauge.builder("daybook.projection.lag.events", projection, this::behind)
                .description("Events in Kafka that are not posted yet")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.lag.seconds", projection, this::secondsBehind)
                .description("How old the last posted event is, while there are others to post")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.running", status, ProjectionMetrics::running)
                .description("1 if it reads and posts events, 0 if it cannot")
                .tag(PROJECTION, status.name())
                .register(registry);
        FunctionCounter.builder("daybook.projection.events", status, ProjectionStatus::applied)
                .description("Events that were read and are posted")
                .tag(PROJECTION, status.name())
                .register(registry);
        FunctionCounter.builder("daybook.projection.errors", status, ProjectionStatus::failures)
                .description("Batches that could not be posted, and starts that failed; each is tried again")
                .tag(PROJECTION, status.name())
                .register(registry);
    }

    private double behind(RunningProjection projection) {
        return end.behind(projection.positions());
    }

    private double secondsBehind(RunningProjection projection) {
        Instant last = projection.status().lastRecordedAt();
        return last == null || behind(projection) == 0
                ? 0
                : Math.max(0, Duration.between(last, Instant.now()).toMillis() / 1e3);
    }

    private static double running(ProjectionStatus status) {
        return status.hasStarted() && status.detail() == null ? 1 : 0;
    }
}
