package io.daybook.projections.metrics;

import io.daybook.projections.posting.ProjectionStatus;
import io.daybook.projections.status.Lag;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/** How far each projection is, and whether it goes on: what {@code GET /v1/projections} tells, of this process. */
final class ProjectionMetrics implements MeterBinder {

    private static final String PROJECTION = "projection";

    private final List<Lag> lags;

    ProjectionMetrics(List<Lag> lags) {
        this.lags = lags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        lags.forEach(lag -> bind(registry, lag));
    }

    private static void bind(MeterRegistry registry, Lag lag) {
        ProjectionStatus status = lag.projection().status();
        // The unit is part of the name: events and seconds of the same thing are two metrics.
        Gauge.builder("daybook.projection.lag.events", lag, Lag::events)
                .description("Events in the journal or in Kafka that are not in the store yet")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.lag.seconds", lag, seen -> seen.time().toMillis() / 1e3)
                .description("For how long there have been events to post")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.running", status, ProjectionMetrics::running)
                .description("1 if it reads and posts events, 0 if it cannot")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.parked.events", status, ProjectionStatus::parked)
                .description("Events that could not be posted, or follow one of their ledger that could not")
                .tag(PROJECTION, status.name())
                .register(registry);
        Gauge.builder("daybook.projection.incomplete.ledgers", status, ProjectionMetrics::incomplete)
                .description(
                        "Ledgers of which the store lacks something, or has too much; not a number if it is not known")
                .tag(PROJECTION, status.name())
                .register(registry);
        FunctionCounter.builder("daybook.projection.healed.ledgers", status, ProjectionStatus::healed)
                .description("Ledgers that were found incomplete and were healed from the event store")
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

    private static double incomplete(ProjectionStatus status) {
        Long ledgers = status.incomplete();
        return ledgers == null ? Double.NaN : ledgers;
    }

    private static double running(ProjectionStatus status) {
        return status.hasStarted() && status.detail() == null ? 1 : 0;
    }
}
