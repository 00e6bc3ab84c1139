package io.daybook.projections.settings;

import static io.daybook.settings.Limits.within;

import io.daybook.settings.DatabaseProperties;
import io.daybook.settings.ElasticsearchProperties;
import io.daybook.settings.KafkaProperties;
import io.daybook.settings.MigrationsProperties;
import io.daybook.settings.RedisProperties;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All that an operator may set of the projections, beside what every process has. What is wrong stops the start.
 *
 * @param eventStore {@code daybook.event-store.*}: where the journal is read by replays and by the guard; without it they do
 *     without
 * @param books {@code daybook.books.*}: the database of the books
 */
@ConfigurationProperties("daybook")
public record ProjectionsProperties(
        @DefaultValue DatabaseProperties eventStore,
        @DefaultValue DatabaseProperties books,
        @DefaultValue MigrationsProperties migrations,
        @DefaultValue KafkaProperties kafka,
        @DefaultValue RedisProperties redis,
        @DefaultValue ElasticsearchProperties elasticsearch,
        @DefaultValue Projections projections,
        @DefaultValue Posting posting,
        @DefaultValue Feed feed,
        @DefaultValue Journal journal,
        @DefaultValue Replays replays,
        @DefaultValue Guard guard,
        @DefaultValue Status status,
        @DefaultValue RequestIndexing requestIndexing,
        @DefaultValue StoreMetrics storeMetrics) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(10);

    public ProjectionsProperties {
        books.require("daybook.books");
    }

    /**
     * {@code daybook.projections.*}: what this node does of all that is to be done.
     *
     * @param run the projections that it runs, of {@code balances}, {@code books} and {@code audit}. Of those that several nodes run
     *     each takes its share. A replay is asked of any node, and built by one that runs the projection
     */
    public record Projections(
            @DefaultValue({"balances", "books", "audit"}) List<String> run) {

        private static final Set<String> KNOWN = Set.of("balances", "books", "audit");

        public Projections {
            run = List.copyOf(run);
            if (run.isEmpty() || !KNOWN.containsAll(run)) {
                throw new IllegalArgumentException("daybook.projections.run is " + run
                        + "; it has to be some of balances, books and audit, with commas between them");
            }
        }
    }

    /**
     * {@code daybook.posting.*}: how events are posted.
     *
     * @param poolSize connections to the database: one for each batch that is posted, of live generations and of those aside,
     *     for their tokens, and some to spare, 8 to 1,000
     * @param connectionTimeout how long one is waited for, 250 ms to 1 min
     * @param maxEvents at so many events a batch is closed, 1 to 100,000
     * @param maxBytes and at so many bytes of them, 1 KiB to 256 MiB
     * @param maxPostings and at so many postings, 1 to 1,000,000
     * @param retry the pause before what failed is tried again, 10 ms to 10 min
     * @param maxParkedLedgers ledgers of a projection that wait because an event of theirs cannot be posted, 1 to 100,000; with
     *     one more the projection stops
     */
    public record Posting(
            @DefaultValue("16") int poolSize,
            @DefaultValue("5s") Duration connectionTimeout,
            @DefaultValue("5000") int maxEvents,
            @DefaultValue("4194304") int maxBytes,
            @DefaultValue("20000") int maxPostings,
            @DefaultValue("1s") Duration retry,
            @DefaultValue("1000") int maxParkedLedgers) {

        public Posting {
            within("daybook.posting.pool-size", poolSize, 8, 1_000);
            within("daybook.posting.connection-timeout", connectionTimeout, Duration.ofMillis(250), MINUTE);
            within("daybook.posting.max-events", maxEvents, 1, 100_000);
            within("daybook.posting.max-bytes", maxBytes, 1_024, 256 * 1024 * 1024);
            within("daybook.posting.max-postings", maxPostings, 1, 1_000_000);
            within("daybook.posting.retry", retry, LEAST_PAUSE, MINUTE.multipliedBy(10));
            within("daybook.posting.max-parked-ledgers", maxParkedLedgers, 1, 100_000);
        }
    }

    /**
     * {@code daybook.feed.*}: how events come from Kafka.
     *
     * @param pollTimeout how long Kafka is waited for at a time, 10 ms to 10 s
     * @param maxPollRecords events that are taken over at once, 1 to 100,000
     * @param maxFetchBytes what Kafka sends at once, 1 KiB to 64 MiB. No more than fits in half a region of G1, or else each is a
     *     large object, and many make a collection of all
     * @param bufferEvents events that wait for a processor, 1 to 1,000,000
     */
    public record Feed(
            @DefaultValue("500ms") Duration pollTimeout,
            @DefaultValue("2000") int maxPollRecords,
            @DefaultValue("500000") int maxFetchBytes,
            @DefaultValue("5000") int bufferEvents) {

        public Feed {
            within("daybook.feed.poll-timeout", pollTimeout, LEAST_PAUSE, Duration.ofSeconds(10));
            within("daybook.feed.max-poll-records", maxPollRecords, 1, 100_000);
            within("daybook.feed.max-fetch-bytes", maxFetchBytes, 1_024, 64 * 1024 * 1024);
            within("daybook.feed.buffer-events", bufferEvents, 1, 1_000_000);
        }
    }

    /**
     * {@code daybook.journal.*}: how the event store is read.
     *
     * @param poolSize connections to it, which are opened when they are needed, 1 to 100
     * @param connectionTimeout how long one is waited for, 250 ms to 1 min
     * @param idleTimeout after which one that nobody needs is closed, 10 s to 1 h
     * @param fetchSize events that are read at once, 1 to 100,000
     * @param interval how often a replay looks for more when it has come to the end, 10 ms to 1 min
     */
    public record Journal(
            @DefaultValue("4") int poolSize,
            @DefaultValue("5s") Duration connectionTimeout,
            @DefaultValue("30s") Duration idleTimeout,
            @DefaultValue("2000") int fetchSize,
            @DefaultValue("100ms") Duration interval) {

        public Journal {
            within("daybook.journal.pool-size", poolSize, 1, 100);
            within("daybook.journal.connection-timeout", connectionTimeout, Duration.ofMillis(250), MINUTE);
            within("daybook.journal.idle-timeout", idleTimeout, Duration.ofSeconds(10), HOUR);
            within("daybook.journal.fetch-size", fetchSize, 1, 100_000);
            within("daybook.journal.interval", interval, LEAST_PAUSE, MINUTE);
        }
    }

    /**
     * {@code daybook.replays.*}: replays of projections and repairs of ledgers.
     *
     * @param interval how often somebody's wish for one is looked for, 10 ms to 1 min
     * @param intervalUnderWay how often one that is under way is looked after, 10 ms to 1 min
     * @param patience how long what the event store has may be on its way before it counts as missing, 1 s to 1 h
     */
    public record Replays(
            @DefaultValue("500ms") Duration interval,
            @DefaultValue("100ms") Duration intervalUnderWay,
            @DefaultValue("20s") Duration patience) {

        public Replays {
            within("daybook.replays.interval", interval, LEAST_PAUSE, MINUTE);
            within("daybook.replays.interval-under-way", intervalUnderWay, LEAST_PAUSE, MINUTE);
            within("daybook.replays.patience", patience, SECOND, HOUR);
        }
    }

    /**
     * {@code daybook.guard.*}: how the guard goes about its work.
     *
     * @param interval between two looks at what was appended to the journal, 0 to 1 h
     * @param share of the time in which the stores are asked something, by the looks and by the rounds each, 0.001 to 1
     * @param grace for how long something must be missing after the projection has read all that was published, before it is
     *     taken for lost, 0 to 1 day
     * @param pause before each round over all ledgers, 0 to 30 days
     * @param healLimit how many ledgers of a projection are healed at a time, 1 to 10,000
     * @param healPause between the beginnings of two lots of these, 0 to 1 day
     */
    public record Guard(
            @DefaultValue("1s") Duration interval,
            @DefaultValue("0.05") double share,
            @DefaultValue("10s") Duration grace,
            @DefaultValue("5m") Duration pause,
            @DefaultValue("10") int healLimit,
            @DefaultValue("1m") Duration healPause) {

        public Guard {
            within("daybook.guard.interval", interval, Duration.ZERO, HOUR);
            within("daybook.guard.share", share, 0.001, 1);
            within("daybook.guard.grace", grace, Duration.ZERO, DAY);
            within("daybook.guard.pause", pause, Duration.ZERO, DAY.multipliedBy(30));
            within("daybook.guard.heal-limit", healLimit, 1, 10_000);
            within("daybook.guard.heal-pause", healPause, Duration.ZERO, DAY);
        }
    }

    /**
     * {@code daybook.status.*}: what projections tell of themselves.
     *
     * @param interval how often where everybody can read it, 100 ms to 1 min
     * @param indexInterval how often in the audit, 1 s to 1 h
     */
    public record Status(
            @DefaultValue("500ms") Duration interval,
            @DefaultValue("5s") Duration indexInterval) {

        public Status {
            within("daybook.status.interval", interval, Duration.ofMillis(100), MINUTE);
            within("daybook.status.index-interval", indexInterval, SECOND, HOUR);
        }
    }

    /**
     * {@code daybook.request-indexing.*}: the way of requests from Kafka into the audit.
     *
     * @param maxBatch requests that are written at once, 1 to 10,000
     * @param fetchBytes Kafka collects so much before it answers, 1 B to 16 MiB
     * @param fetchWait or for so long, 0 to 10 s
     * @param retry the pause before what failed is tried again, 10 ms to 10 min
     * @param stopTimeout how long what is under way is waited for at the end, 1 s to 10 min
     */
    public record RequestIndexing(
            @DefaultValue("1000") int maxBatch,
            @DefaultValue("262144") int fetchBytes,
            @DefaultValue("500ms") Duration fetchWait,
            @DefaultValue("1s") Duration retry,
            @DefaultValue("10s") Duration stopTimeout) {

        public RequestIndexing {
            within("daybook.request-indexing.max-batch", maxBatch, 1, 10_000);
            within("daybook.request-indexing.fetch-bytes", fetchBytes, 1, 16 * 1024 * 1024);
            within("daybook.request-indexing.fetch-wait", fetchWait, Duration.ZERO, Duration.ofSeconds(10));
            within("daybook.request-indexing.retry", retry, LEAST_PAUSE, MINUTE.multipliedBy(10));
            within("daybook.request-indexing.stop-timeout", stopTimeout, SECOND, MINUTE.multipliedBy(10));
        }
    }

    /**
     * {@code daybook.store-metrics.*}: what is asked of the stores for the metrics.
     *
     * @param interval how often how large they are, 1 s to 1 day
     */
    public record StoreMetrics(@DefaultValue("60s") Duration interval) {

        public StoreMetrics {
            within("daybook.store-metrics.interval", interval, SECOND, DAY);
        }
    }
}
