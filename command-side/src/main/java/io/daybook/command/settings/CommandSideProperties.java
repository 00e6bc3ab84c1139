package io.daybook.command.settings;

import static io.daybook.settings.Limits.within;

import io.daybook.settings.DatabaseProperties;
import io.daybook.settings.KafkaProperties;
import io.daybook.settings.MigrationsProperties;
import io.daybook.settings.RedisProperties;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All that an operator may set of the command side, beside what every process has. What is wrong stops the start.
 *
 * @param eventStore {@code daybook.event-store.*}: the event store of this shard
 */
@ConfigurationProperties("daybook")
public record CommandSideProperties(
        @DefaultValue DatabaseProperties eventStore,
        @DefaultValue MigrationsProperties migrations,
        @DefaultValue KafkaProperties kafka,
        @DefaultValue RedisProperties redis,
        @DefaultValue Commands commands,
        @DefaultValue Snapshots snapshots,
        @DefaultValue Publication publication,
        @DefaultValue Async async,
        @DefaultValue Expiry expiry,
        @DefaultValue EventStoreMetrics eventStoreMetrics) {

    /** Connections beside those of writers and openers: appender, snapshots, publication and its token, expiry, import, metrics. */
    private static final int OTHER_CONNECTIONS = 7;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    public CommandSideProperties {
        eventStore.require("daybook.event-store");
    }

    /**
     * {@code daybook.commands.*}: the way of a command.
     *
     * @param writers threads that decide, each for its share of the ledgers, 1 to 64
     * @param openers threads that bring ledgers into memory, 1 to 64
     * @param queueCapacity commands that may wait at a writer, 1 to 1,000,000; one more is refused
     * @param maxBatchEvents at about so many events a batch is closed, 1 to 100,000
     * @param maxBatchesOnTheWay batches of a writer that are handled and not durable yet, 1 to 64
     * @param minEventsAhead about how many must wait for a batch to be handled while others are on their way, 1 to 100,000
     * @param maxAppendRows at so many rows a transaction of the journal is closed, 1 to 100,000
     * @param cachedLedgers that stay in memory, 1 to 10,000,000; another one is opened when it is needed
     * @param timeout how long a request waits for its command, 1 s to 10 min
     * @param poolSize connections to the event store, at most 1,000; at least one for each writer and opener, and 7
     * @param connectionTimeout how long one is waited for, 250 ms to 1 min
     * @param stopTimeout how long commands under way are waited for at the end, 1 s to 10 min
     */
    public record Commands(
            @DefaultValue("2") int writers,
            @DefaultValue("4") int openers,
            @DefaultValue("16384") int queueCapacity,
            @DefaultValue("4096") int maxBatchEvents,
            @DefaultValue("4") int maxBatchesOnTheWay,
            @DefaultValue("64") int minEventsAhead,
            @DefaultValue("8192") int maxAppendRows,
            @DefaultValue("10000") int cachedLedgers,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("13") int poolSize,
            @DefaultValue("5s") Duration connectionTimeout,
            @DefaultValue("20s") Duration stopTimeout) {

        public Commands {
            within("daybook.commands.writers", writers, 1, 64);
            within("daybook.commands.openers", openers, 1, 64);
            within("daybook.commands.queue-capacity", queueCapacity, 1, 1_000_000);
            within("daybook.commands.max-batch-events", maxBatchEvents, 1, 100_000);
            within("daybook.commands.max-batches-on-the-way", maxBatchesOnTheWay, 1, 64);
            within("daybook.commands.min-events-ahead", minEventsAhead, 1, 100_000);
            within("daybook.commands.max-append-rows", maxAppendRows, 1, 100_000);
            within("daybook.commands.cached-ledgers", cachedLedgers, 1, 10_000_000);
            within("daybook.commands.timeout", timeout, SECOND, MINUTE.multipliedBy(10));
            within("daybook.commands.pool-size", poolSize, writers + openers + OTHER_CONNECTIONS, 1_000);
            within("daybook.commands.connection-timeout", connectionTimeout, Duration.ofMillis(250), MINUTE);
            within("daybook.commands.stop-timeout", stopTimeout, SECOND, MINUTE.multipliedBy(10));
        }
    }

    /**
     * {@code daybook.snapshots.*}: when what has changed of a ledger is written beside the journal.
     *
     * @param accounts when as many accounts and holds were touched, 1 to 100,000,000: about how much one snapshot writes
     * @param events when as many events were recorded, 1 to 100,000,000: about how many are replayed when a ledger is opened
     * @param retry the pause after one that could not be written, 100 ms to 10 min
     */
    public record Snapshots(
            @DefaultValue("20000") int accounts,
            @DefaultValue("50000") int events,
            @DefaultValue("5s") Duration retry) {

        public Snapshots {
            within("daybook.snapshots.accounts", accounts, 1, 100_000_000);
            within("daybook.snapshots.events", events, 1, 100_000_000);
            within("daybook.snapshots.retry", retry, Duration.ofMillis(100), MINUTE.multipliedBy(10));
        }
    }

    /**
     * {@code daybook.publication.*}: the way of events to Kafka.
     *
     * @param batchSize events that are sent before their acknowledgements are awaited, 1 to 100,000
     * @param producerBatchBytes what Kafka's client sends to a partition at once, 1 KiB to 4 MiB
     * @param linger how long it collects that, 0 to 1 s
     * @param retry the pause before it is tried again to go on, 10 ms to 10 min
     * @param republicationBatchSize the same as the first, where a topic is filled again
     */
    public record Publication(
            @DefaultValue("5000") int batchSize,
            @DefaultValue("131072") int producerBatchBytes,
            @DefaultValue("2ms") Duration linger,
            @DefaultValue("1s") Duration retry,
            @DefaultValue("2000") int republicationBatchSize) {

        public Publication {
            within("daybook.publication.batch-size", batchSize, 1, 100_000);
            within("daybook.publication.producer-batch-bytes", producerBatchBytes, 1_024, 4 * 1024 * 1024);
            within("daybook.publication.linger", linger, Duration.ZERO, SECOND);
            within("daybook.publication.retry", retry, Duration.ofMillis(10), MINUTE.multipliedBy(10));
            within("daybook.publication.republication-batch-size", republicationBatchSize, 1, 100_000);
        }
    }

    /**
     * {@code daybook.async.*}: commands that are accepted for later.
     *
     * @param acceptTimeout how long Kafka may take to acknowledge one, 100 ms to 1 min
     * @param outcomesKept how long its outcome can be read, 1 min to 30 days
     * @param maxCommands how many are read at once, 1 to 10,000
     * @param retry the pause before those are read again that could not be handled, 10 ms to 10 min
     * @param stopTimeout how long those under way are waited for at the end, 1 s to 10 min
     */
    public record Async(
            @DefaultValue("10s") Duration acceptTimeout,
            @DefaultValue("24h") Duration outcomesKept,
            @DefaultValue("500") int maxCommands,
            @DefaultValue("500ms") Duration retry,
            @DefaultValue("20s") Duration stopTimeout) {

        public Async {
            within("daybook.async.accept-timeout", acceptTimeout, Duration.ofMillis(100), MINUTE);
            within("daybook.async.outcomes-kept", outcomesKept, MINUTE, Duration.ofDays(30));
            within("daybook.async.max-commands", maxCommands, 1, 10_000);
            within("daybook.async.retry", retry, Duration.ofMillis(10), MINUTE.multipliedBy(10));
            within("daybook.async.stop-timeout", stopTimeout, SECOND, MINUTE.multipliedBy(10));
        }
    }

    /**
     * {@code daybook.expiry.*}: the release of holds whose time has come.
     *
     * @param interval how often they are looked for, 10 ms to 1 h
     * @param maxHolds how many are released at once, 1 to 100,000
     */
    public record Expiry(
            @DefaultValue("500ms") Duration interval,
            @DefaultValue("1000") int maxHolds) {

        public Expiry {
            within("daybook.expiry.interval", interval, Duration.ofMillis(10), HOUR);
            within("daybook.expiry.max-holds", maxHolds, 1, 100_000);
        }
    }

    /**
     * {@code daybook.event-store-metrics.*}: what is asked of the event store for the metrics.
     *
     * @param lagInterval how often how far the publication is, 100 ms to 1 h
     * @param sizeInterval how often how large the store is, 1 s to 1 day
     */
    public record EventStoreMetrics(
            @DefaultValue("2s") Duration lagInterval,
            @DefaultValue("60s") Duration sizeInterval) {

        public EventStoreMetrics {
            within("daybook.event-store-metrics.lag-interval", lagInterval, Duration.ofMillis(100), HOUR);
            within("daybook.event-store-metrics.size-interval", sizeInterval, SECOND, Duration.ofDays(1));
        }
    }
}
