package io.daybook.projections.posting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whatever goes wrong in whatever order, in the end the store has every event of each ledger once and in order, or the ledger
 * is parked and says so. Each seed is a schedule of what goes wrong; {@code -Ddaybook.feed.seed=} runs one alone.
 */
class FaultyFeedTest {

    private static final int SCHEDULES = Integer.getInteger("daybook.feed.schedules", 300);
    private static final Long SEED = Long.getLong("daybook.feed.seed");

    /** More than processors: each waits for its database more than it computes. */
    private static final int WORKERS =
            Integer.getInteger("daybook.feed.workers", 3 * Runtime.getRuntime().availableProcessors());

    /** For fewer another database is not worth its making. */
    private static final int SCHEDULES_OF_A_WORKER = 1_000;

    /** Of either of two segments. */
    private static final List<String> LEDGERS = List.of("acme", "bank", "cafe", "dune");

    private static final int MOST_FAULTY = 10;
    private static final long PROGRESS_SECONDS = 30;
    private static final Path PROGRESS = Path.of("target", "faulty-feed-progress.txt");

    private static final Map<String, Level> LEVELS = new HashMap<>();
    private static final Queue<HikariDataSource> DATABASES = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        // What goes wrong is meant to.
        for (String name : List.of("org.axonframework", "io.daybook.projections")) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            LEVELS.put(name, logger.getLevel());
            logger.setLevel(Level.OFF);
        }
        AbstractTokenEntry.clock = Simulation.clockOfThread();
        GenericEventMessage.clock = Simulation.clockOfThread();
    }

    @AfterAll
    static void stop() {
        LEVELS.forEach((name, level) -> ((Logger) LoggerFactory.getLogger(name)).setLevel(level));
        AbstractTokenEntry.clock = Clock.systemUTC();
        GenericEventMessage.clock = Clock.systemUTC();
        DATABASES.forEach(HikariDataSource::close);
    }

    /** One that no other simulation uses at the same time. */
    private static JdbcTemplate database() {
        SharedServices.Isolated services = SharedServices.get().isolated();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(services.get("daybook.books.jdbc-url") + "?currentSchema=" + BooksDatabase.SEARCH_PATH);
        config.setUsername(services.get("daybook.books.username"));
        config.setPassword(services.get("daybook.books.password"));
        // Who waits for a lock waits in real time, for one whose time does not pass meanwhile.
        config.setConnectionInitSql("set lock_timeout = '1ms'; set synchronous_commit = off");
        config.setMaximumPoolSize(16);
        HikariDataSource database = new HikariDataSource(config);
        DATABASES.add(database);
        new BooksSchemas(database).migrate();
        JdbcTemplate books = new JdbcTemplate(database);
        SimulatedStore.InTheBooks.create(books);
        // To give an end of a table back that is empty, autovacuum locks it for longer than is waited for here.
        books.execute("""
                do $$ declare emptied regclass; begin
                    for emptied in select oid from pg_class
                                    where relkind = 'r' and relnamespace in ('books'::regnamespace, 'projections'::regnamespace)
                    loop
                        execute format('alter table %s set (vacuum_truncate = false)', emptied);
                    end loop;
                end $$
                """);
        return books;
    }

    private static Simulation simulation(long seed) {
        return new Simulation(new SplittableRandom(seed));
    }

    /** As it was found: nothing else happens, and the event must come. */
    @Test
    void the_first_event_of_a_partition_comes_after_a_failure_without_another() {
        Simulation simulation = simulation(1);
        SimulatedFeed feed = new SimulatedFeed(simulation, database(), 12, 1, new SimulatedStore.ByItself(simulation));
        assertThat(feed.topic().partition("first")).isNotEqualTo(feed.topic().partition("newer"));
        feed.addNode();
        feed.publish("first");
        assertThat(feed.settled()).isEmpty();

        feed.store().goAway(Duration.ofSeconds(2));
        feed.publish("newer");

        assertThat(feed.settled()).as(() -> told(simulation)).isEmpty();
        feed.stop();
    }

    /** One node is halted in the middle of a batch; when it goes on, the topic is another, and nobody has the claim. */
    @Test
    void a_token_of_a_topic_that_is_gone_does_not_become_one_of_its_successor() {
        Simulation simulation = simulation(1);
        SimulatedFeed feed = new SimulatedFeed(simulation, database(), 1, 1, new SimulatedStore.ByItself(simulation));
        feed.addNode();
        for (int i = 0; i < 3; i++) {
            feed.publish("first");
        }
        feed.republish(3);
        feed.republish(3);
        assertThat(feed.settled()).isEmpty();
        feed.addNode();
        simulation.run(Duration.ofSeconds(2));
        feed.store().slowDown(Duration.ofSeconds(1), Duration.ofSeconds(100));
        feed.publish("first");
        simulation.run(Duration.ofSeconds(1));
        feed.nodes().getFirst().halt(Duration.ofSeconds(60));
        feed.recreateTopic();
        simulation.run(Duration.ofSeconds(15));

        feed.store().goAway(Duration.ofSeconds(40));
        feed.publish("newer");

        assertThat(feed.settled()).as(() -> told(simulation)).isEmpty();
        feed.stop();
    }

    /** Its node gives a segment up with a slice that it never began, cannot release it, and is halted until it is another's. */
    @Test
    void a_segment_that_is_lost_keeps_the_others_of_its_node_from_nothing() {
        JdbcTemplate books = database();
        for (int seed = 0; seed < 50; seed++) {
            Simulation simulation = simulation(seed);
            SimulatedFeed feed = new SimulatedFeed(simulation, books, 1, 2, new SimulatedStore.ByItself(simulation));
            feed.addNode();
            LEDGERS.forEach(feed::publish);
            assertThat(feed.settled()).isEmpty();
            feed.addNode();
            simulation.run(simulation.upTo(Duration.ofSeconds(5)));

            feed.tokens().failCommits(1);
            feed.tokens().failReleases(1);
            for (int i = 0; i < 5; i++) {
                LEDGERS.forEach(feed::publish);
                simulation.run(Duration.ofMillis(20));
            }
            simulation.run(Duration.ofMillis(100));
            feed.nodes().getFirst().halt(Duration.ofSeconds(8));
            simulation.run(Duration.ofSeconds(12));
            LEDGERS.forEach(feed::publish);

            assertThat(feed.settled()).as(() -> told(simulation)).isEmpty();
            feed.stop();
        }
    }

    @Test
    void every_event_is_posted_once_and_in_order_or_its_ledger_is_parked() throws Exception {
        if (SEED != null) {
            assertThat(faulty(SEED, database())).isEmpty();
            return;
        }
        int workers = Math.clamp(SCHEDULES / SCHEDULES_OF_A_WORKER, 1, WORKERS);
        AtomicInteger next = new AtomicInteger();
        Map<Integer, String> faulty = new ConcurrentSkipListMap<>();
        Instant begin = Instant.now();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers);
                ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor()) {
            progress.scheduleAtFixedRate(
                    () -> tell(Math.min(next.get(), SCHEDULES), faulty.keySet(), begin),
                    PROGRESS_SECONDS,
                    PROGRESS_SECONDS,
                    TimeUnit.SECONDS);
            Callable<Void> worker = () -> {
                JdbcTemplate books = database();
                for (int seed; (seed = next.getAndIncrement()) < SCHEDULES && faulty.size() < MOST_FAULTY; ) {
                    int of = seed;
                    faulty(seed, books).ifPresent(faults -> faulty.put(of, faults));
                }
                return null;
            };
            for (Future<Void> done : pool.invokeAll(Collections.nCopies(workers, worker))) {
                done.get();
            }
            progress.shutdownNow();
        }
        tell(Math.min(next.get(), SCHEDULES), faulty.keySet(), begin);
        assertThat(faulty.values()).as("seeds %s are faulty", faulty.keySet()).isEmpty();
    }

    /** In a file of its own, as what a test prints is written only when there is much of it. */
    private static void tell(int done, Set<Integer> faulty, Instant begin) {
        double rate = done * 1e9 / Duration.between(begin, Instant.now()).toNanos();
        String line = "%,d of %,d schedules, %.0f a second, %.0f minutes left; faulty: %s%n"
                .formatted(done, SCHEDULES, rate, (SCHEDULES - done) / rate / 60, faulty);
        try {
            Files.writeString(PROGRESS, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> faulty(long seed, JdbcTemplate books) {
        Simulation simulation = simulation(seed);
        List<String> faults = new FaultSchedule(simulation, books).faults();
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of("seed %d (alone: -Ddaybook.feed.seed=%d): %s%n%s"
                        .formatted(seed, seed, faults, told(simulation)));
    }

    private static String told(Simulation simulation) {
        return String.join("\n", simulation.happened());
    }
}
