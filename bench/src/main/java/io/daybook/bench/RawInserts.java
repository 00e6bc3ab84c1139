package io.daybook.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
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
 * The ceiling: rows as Daybook writes them for such transfers, into the same table with the same indexes, by multi-row
 * inserts of 500 a transaction from two connections. Nothing is decided and nothing is computed.
 */
final class RawInserts implements Subject {

    private static final int ROWS = 500;
    private static final int WRITERS = 2;

    private static final String INSERT = """
            insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash)
            values (?, ?, ?, ?, 'daybook.transaction-posted.v1', ?, 'bench', 'bench', ?, ?)
            """;

    private final TransferScenario scenario;
    private final HikariDataSource database;
    private final AtomicLong position = new AtomicLong();

    RawInserts(TransferScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        this.database = Database.open(services, Database.EVENT_STORE, WRITERS, "?reWriteBatchedInserts=true");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/event-store")
                .load()
                .migrate();
    }

    @Override
    public String name() {
        return "raw inserts, " + WRITERS + " connections";
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

    private Callable<Integer> worker(Connection connection, int number) throws Exception {
        PreparedStatement insert = connection.prepareStatement(INSERT);
        SplittableRandom random = new SplittableRandom(position.get() + number);
        return () -> {
            Timestamp now = Timestamp.from(Instant.now());
            for (int i = 0; i < ROWS; i++) {
                long place = position.incrementAndGet();
                UUID id = new UUID(random.nextLong(), random.nextLong());
                Flow.Transfer next = scenario.flow().next(random, scenario.accounts());
                byte[] hash = new byte[32];
                random.nextBytes(hash);
                insert.setLong(1, place);
                insert.setString(2, TransferScenario.ledger(scenario.ledger(random)));
                insert.setLong(3, place);
                insert.setObject(4, id);
                insert.setTimestamp(5, now);
                insert.setBytes(6, data(id, next, now));
                insert.setBytes(7, hash);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
            return ROWS;
        };
    }

    private static byte[] data(UUID id, Flow.Transfer transfer, Timestamp now) {
        return ("{\"effectiveAt\":\"" + now.toInstant() + "\",\"id\":\"" + id
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
