package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.command.store.Snapshot;
import io.daybook.command.store.SnapshotDelta;
import io.daybook.command.store.SnapshotStore;
import io.daybook.events.RecordedEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.JournalQueries;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Snapshots in a real PostgreSQL: whatever was snapshotted when, with the events since it is the live state. */
class SnapshotPropertiesTest {

    private static final int RUNS = 150;
    private static final int COMMANDS_PER_RUN = 80;
    private static final String HASH = "00".repeat(32);

    private static HikariDataSource dataSource;
    private static JdbcTemplate database;
    private static TransactionTemplate transactions;
    /** So few that merges happen in each run. */
    private static final int MIN_MERGED = 10;

    private static SnapshotStore snapshots;

    @BeforeAll
    static void open() {
        SharedServices.Isolated services = SharedServices.get().isolated();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(services.get("daybook.event-store.jdbc-url"));
        config.setUsername(services.get("daybook.event-store.username"));
        config.setPassword(services.get("daybook.event-store.password"));
        config.setMaximumPoolSize(2);
        dataSource = new HikariDataSource(config);
        Flyway.configure()
                .dataSource(dataSource)
                .locations(JournalQueries.MIGRATIONS)
                .load()
                .migrate();
        database = new JdbcTemplate(dataSource);
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        snapshots = SnapshotStore.of(dataSource, transactions, MIN_MERGED);
    }

    @AfterAll
    static void close() {
        dataSource.close();
    }

    @BeforeEach
    void empty() {
        database.execute("truncate snapshot, snapshot_part");
    }

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_snapshot_and_the_events_since_are_the_live_state(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random);
        LedgerFixture ledger = LedgerFixture.openLedger();
        long base = 0;
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            ledger.handle(commands.next(ledger));
            if (random.nextInt(12) == 0) {
                SnapshotDelta delta = delta(ledger, base);
                if (random.nextBoolean()) {
                    ledger.handle(commands.next(ledger));
                    SnapshotDelta later = delta(ledger, delta.sequence());
                    delta = delta.followedBy(later);
                }
                assertThat(snapshots.write(delta)).isTrue();
                base = delta.sequence();
            }
        }
        assertThat(restored(ledger).hash()).isEqualTo(ledger.state.hash());
    }

    @Test
    void changes_are_written_once_and_never_over_a_gap() {
        LedgerFixture ledger = LedgerFixture.openLedger();
        SnapshotDelta first = delta(ledger, 0);
        ledger.handle(LedgerFixture.post(LedgerFixture.transaction(LedgerFixture.usd("world", "a", 5))));
        SnapshotDelta second = delta(ledger, first.sequence());
        ledger.handle(LedgerFixture.post(LedgerFixture.transaction(LedgerFixture.usd("a", "b", 5))));
        SnapshotDelta third = delta(ledger, second.sequence());

        assertThat(snapshots.write(second)).isFalse();
        assertThat(read().isEmpty()).isTrue();
        assertThat(snapshots.write(first)).isTrue();
        assertThat(snapshots.write(third)).isFalse();
        assertThat(snapshots.write(second)).isTrue();
        assertThat(snapshots.write(first)).as("what is covered already").isTrue();
        assertThat(sequence()).isEqualTo(2);
        assertThat(snapshots.write(third)).isTrue();
        assertThat(restored(ledger).hash()).isEqualTo(ledger.state.hash());
    }

    @Test
    void a_snapshot_of_another_format_is_not_read_and_made_anew() {
        LedgerFixture ledger = LedgerFixture.openLedger();
        ledger.handle(LedgerFixture.post(LedgerFixture.transaction(LedgerFixture.usd("world", "a", 5))));
        snapshots.write(delta(ledger, 0));
        database.update("update snapshot set format = 0");
        database.update("insert into snapshot_part values (?, 0, 0, 'as nobody reads it')", LEDGER.value());

        assertThat(read().isEmpty()).isTrue();
        LedgerFixture anew = new LedgerFixture();
        ledger.history.events().forEach(event -> Ledger.evolve(anew.state, event.event()));
        assertThat(snapshots.write(
                        new SnapshotDelta(LEDGER, 0, 2, 2, HASH, anew.state.opened(), anew.state.takeChanges())))
                .isTrue();
        assertThat(restored(ledger).hash()).isEqualTo(ledger.state.hash());
    }

    @Test
    void parts_are_merged_when_they_are_more_than_the_ledger_holds() {
        LedgerFixture ledger = LedgerFixture.openLedger();
        SnapshotDelta opened = delta(ledger, 0);
        snapshots.write(opened);
        long base = opened.sequence();
        for (int i = 0; i < 10 * MIN_MERGED; i++) {
            ledger.handle(LedgerFixture.post(LedgerFixture.transaction(LedgerFixture.usd("world", "a", 5))));
            SnapshotDelta delta = delta(ledger, base);
            assertThat(snapshots.write(delta)).isTrue();
            base = delta.sequence();

            assertThat(database.queryForObject("select count(*) from snapshot_part", Long.class))
                    .isLessThanOrEqualTo(1L + MIN_MERGED);
        }
        assertThat(restored(ledger).hash()).isEqualTo(ledger.state.hash());
    }

    private static SnapshotDelta delta(LedgerFixture ledger, long base) {
        return new SnapshotDelta(
                LEDGER,
                base,
                ledger.history.events().size(),
                2,
                HASH,
                ledger.state.opened(),
                ledger.state.takeChanges());
    }

    private static Optional<Snapshot> read() {
        return transactions.execute(transaction -> snapshots.read(LEDGER));
    }

    private static long sequence() {
        return read().orElseThrow().sequence();
    }

    private static LedgerState restored(LedgerFixture ledger) {
        Snapshot snapshot = read().orElseGet(() -> new Snapshot(0, 1, HASH, new LedgerState()));
        List<RecordedEvent> events = ledger.history.events();
        LedgerState state = snapshot.state();
        for (RecordedEvent recorded : events.subList((int) snapshot.sequence(), events.size())) {
            state = Ledger.evolve(state, recorded.event());
        }
        return state;
    }
}
