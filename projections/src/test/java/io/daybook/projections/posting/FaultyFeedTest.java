package io.daybook.projections.posting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
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

    private static final Map<String, Level> LEVELS = new HashMap<>();
    private static HikariDataSource database;
    private static JdbcTemplate books;

    @BeforeAll
    static void start() {
        SharedServices.Isolated services = SharedServices.get().isolated();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(services.get("daybook.books.jdbc-url") + "?currentSchema=" + BooksDatabase.SEARCH_PATH);
        config.setUsername(services.get("daybook.books.username"));
        config.setPassword(services.get("daybook.books.password"));
        // Who waits for a lock waits in real time, for one whose time does not pass meanwhile.
        config.setConnectionInitSql("set lock_timeout = '5ms'; set synchronous_commit = off");
        config.setMaximumPoolSize(16);
        start(new HikariDataSource(config));
    }

    static void start(HikariDataSource dataSource) {
        database = dataSource;
        new BooksSchemas(database).migrate();
        books = new JdbcTemplate(database);
        // What goes wrong is meant to.
        for (String name : List.of("org.axonframework", "io.daybook.projections.feed")) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            LEVELS.put(name, logger.getLevel());
            logger.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void stop() {
        LEVELS.forEach((name, level) -> ((Logger) LoggerFactory.getLogger(name)).setLevel(level));
        AbstractTokenEntry.clock = Clock.systemUTC();
        GenericEventMessage.clock = Clock.systemUTC();
        database.close();
    }

    private static Simulation simulation(long seed) {
        Simulation simulation = new Simulation(new SplittableRandom(seed));
        AbstractTokenEntry.clock = simulation.clock();
        GenericEventMessage.clock = simulation.clock();
        return simulation;
    }

    /** As it was found: nothing else happens, and the event must come. */
    @Test
    void the_first_event_of_a_partition_comes_after_a_failure_without_another() {
        Simulation simulation = simulation(1);
        SimulatedFeed feed = new SimulatedFeed(simulation, books, 12, 1, new SimulatedStore.ByItself(simulation));
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
        SimulatedFeed feed = new SimulatedFeed(simulation, books, 1, 1, new SimulatedStore.ByItself(simulation));
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

    @Test
    void every_event_is_posted_once_and_in_order_or_its_ledger_is_parked() {
        LongStream seeds = SEED == null ? LongStream.range(0, SCHEDULES) : LongStream.of(SEED);
        seeds.forEach(FaultyFeedTest::schedule);
    }

    static void schedule(long seed) {
        Simulation simulation = simulation(seed);
        List<String> faults = new FaultSchedule(simulation, books).faults();
        assertThat(faults)
                .as(() -> "seed %d (alone: -Ddaybook.feed.seed=%d)%n%s".formatted(seed, seed, told(simulation)))
                .isEmpty();
    }

    private static String told(Simulation simulation) {
        return String.join("\n", simulation.happened());
    }
}
