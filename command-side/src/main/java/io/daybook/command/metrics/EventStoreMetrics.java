package io.daybook.command.metrics;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.StoredTokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How large the event store is, and how far the publication is behind it. The event store is asked in the background, as
 * whoever reads the metrics must not wait for it; while it does not answer, they are not a number.
 */
final class EventStoreMetrics implements MeterBinder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStoreMetrics.class);

    private final JdbcTemplate journal;
    private final CommandSideProperties.EventStoreMetrics settings;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("event-store-metrics").daemon().factory());
    private volatile double events = Double.NaN;
    private volatile double lagEvents = Double.NaN;
    private volatile double lagSeconds = Double.NaN;
    private volatile double bytes = Double.NaN;

    EventStoreMetrics(JdbcTemplate journal, CommandSideProperties.EventStoreMetrics settings) {
        this.journal = journal;
        this.settings = settings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "daybook.journal", "events", "Events in the journal of this shard", () -> events);
        gauge(registry, "daybook.publication.lag", "events", "Events that Kafka does not have yet", () -> lagEvents);
        gauge(
                registry,
                "daybook.publication.lag",
                "seconds",
                "How old the oldest event is that Kafka does not have yet",
                () -> lagSeconds);
        Gauge.builder("daybook.store", () -> bytes)
                .baseUnit("bytes")
                .description("What a store takes on disk, or in memory if it has no disk")
                .tag("store", "event-store")
                .register(registry);
        executor.scheduleWithFixedDelay(
                this::lookAtLag, 0, settings.lagInterval().toMillis(), TimeUnit.MILLISECONDS);
        executor.scheduleWithFixedDelay(
                this::lookAtSize, 0, settings.sizeInterval().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void gauge(
            MeterRegistry registry, String name, String unit, String description, Supplier<Number> value) {
        // The unit is part of the name: events and seconds of the same thing are two metrics.
        Gauge.builder(name + "." + unit, value).description(description).register(registry);
    }

    private void lookAtLag() {
        try {
            Long head = journal.queryForObject(JournalQueries.END, Long.class);
            long published = published();
            List<Instant> oldest = journal.query(
                    "select recorded_at from event where position > ? order by position limit 1",
                    (row, i) -> row.getObject(1, OffsetDateTime.class).toInstant(),
                    published);
            events = head;
            lagEvents = Math.max(0, head - published);
            lagSeconds = oldest.isEmpty()
                    ? 0
                    : Math.max(
                            0,
                            Duration.between(oldest.getFirst(), Instant.now()).toMillis() / 1e3);
        } catch (RuntimeException e) {
            LOG.debug("the publication's lag is not known now", e);
            events = Double.NaN;
            lagEvents = Double.NaN;
            lagSeconds = Double.NaN;
        }
    }

    /** The position of the last event that was published, by whichever node does that. */
    private long published() {
        return journal
                .query(JournalQueries.PUBLISHED, (row, i) -> StoredTokens.position(row.getBytes(1), row.getString(2)))
                .stream()
                .findFirst()
                .orElse(0L);
    }

    private void lookAtSize() {
        try {
            bytes = journal.queryForObject("select pg_database_size(current_database())", Long.class);
        } catch (RuntimeException e) {
            LOG.debug("the event store's size is not known now", e);
            bytes = Double.NaN;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
