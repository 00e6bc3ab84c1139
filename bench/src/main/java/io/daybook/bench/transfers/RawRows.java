package io.daybook.bench.transfers;

import com.github.f4b6a3.uuid.UuidCreator;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.stores.JournalQueries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The ceiling: rows as Daybook writes them for such transfers, into the same table with the same indexes, 500 a transaction
 * from two connections. Nothing is decided and nothing is computed.
 */
final class RawRows implements Subject {

    private static final int ROWS = 500;
    private static final int WRITERS = 2;

    /** A row of the journal. What is the same in all of them is the writer's. */
    record Row(long position, String ledger, UUID id, Instant at, byte[] data, byte[] hash) {}

    /** Writes rows over one connection. */
    interface Writer {

        /** The type of each event, and who asked for it by which request. */
        String TYPE = "daybook.transaction-posted.v1";

        String WHO = "bench";

        void add(Row row) throws SQLException, IOException;

        /** Brings what was added to the server. */
        void flush() throws SQLException, IOException;
    }

    /** A way to write rows. */
    interface Opening {
        Writer on(Connection connection) throws SQLException;
    }

    private final String name;
    private final Opening opening;
    private final TransferScenario scenario;
    private final HikariDataSource database;
    private final AtomicLong position = new AtomicLong();

    RawRows(String name, Opening opening, TransferScenario scenario, Map<String, String> services) {
        this.name = name;
        this.opening = opening;
        this.scenario = scenario;
        this.database =
                SubjectDatabase.open(services, SubjectDatabase.EVENT_STORE, WRITERS, "?reWriteBatchedInserts=true");
        Flyway.configure()
                .dataSource(database)
                .locations(JournalQueries.MIGRATIONS)
                .load()
                .migrate();
    }

    @Override
    public String name() {
        return name + ", " + WRITERS + " connections";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            List<Callable<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Connection connection = database.getConnection();
                connection.setAutoCommit(false);
                connections.add(connection);
                workers.add(worker(connection, i));
            }
            return Loop.threads(duration, workers);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private Callable<Integer> worker(Connection connection, int number) throws SQLException {
        Writer writer = opening.on(connection);
        SplittableRandom random = new SplittableRandom(position.get() + number);
        return () -> {
            Instant now = Instant.now();
            for (int i = 0; i < ROWS; i++) {
                UUID id = UuidCreator.getTimeOrderedEpochFast(); // as Daybook's are
                byte[] hash = new byte[32];
                random.nextBytes(hash);
                writer.add(new Row(
                        position.incrementAndGet(),
                        TransferScenario.ledger(scenario.ledger(random)),
                        id,
                        now,
                        data(id, scenario.flow().next(random, scenario.accounts()), now),
                        hash));
            }
            writer.flush();
            connection.commit();
            return ROWS;
        };
    }

    private static byte[] data(UUID id, Flow.Transfer transfer, Instant now) {
        return ("{\"effectiveAt\":\"" + now + "\",\"id\":\"" + id
                        + "\",\"metadata\":{},\"postings\":[{\"amount\":\"1\",\"asset\":\"USD/2\",\"destination\":\""
                        + TransferScenario.account(transfer.destination()) + "\",\"source\":\""
                        + TransferScenario.account(transfer.source()) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void verify() {
        long rows = new JdbcTemplate(database).queryForObject("select count(*) from event", Long.class);
        if (rows != position.get()) {
            throw new AssertionError(rows + " rows are there, " + position + " should be");
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
