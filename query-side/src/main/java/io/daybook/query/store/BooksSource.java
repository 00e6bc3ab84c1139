package io.daybook.query.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.daybook.stores.BooksDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** One PostgreSQL server that has the books, with a small pool of connections to it. */
final class BooksSource implements AutoCloseable {

    private static final int POOL_SIZE = 8;

    /** How long a query waits for its turn when all connections are busy: much longer than for a server that is down. */
    private static final Duration TURN_TIMEOUT = Duration.ofSeconds(2);

    /** How long a query waits to be connected before it goes elsewhere, in milliseconds. */
    private static final long CONNECTION_TIMEOUT_MS = 500;

    private static final String STATEMENT_TIMEOUT_MS = "5000";

    private static final String CONNECT_TIMEOUT_S = "1";

    /** Longer than any statement may take: only a server that has gone silent runs into it. */
    private static final String SOCKET_TIMEOUT_S = "8";

    private final HikariDataSource pool;
    private final TransactionTemplate snapshot;
    private final JdbcClient jdbc;
    private final Rest rest = new Rest();

    /** One for each connection, so that waiting for the pool itself means that the server cannot be reached. */
    private final Semaphore turns = new Semaphore(POOL_SIZE, true);

    BooksSource(String name, String url, String username, String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        // A server that is down must not keep this one from starting.
        config.setInitializationFailTimeout(-1);
        // As long for a server that has gone silent: Hikari would give it five seconds to prove a connection alive.
        config.setValidationTimeout(CONNECTION_TIMEOUT_MS);
        config.setReadOnly(true);
        // Set once a connection; set by each transaction it would cost three round trips.
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setAutoCommit(false);
        config.addDataSourceProperty("ApplicationName", "daybook-query-side");
        config.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("loginTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT_S);
        config.addDataSourceProperty("options", "-c statement_timeout=" + STATEMENT_TIMEOUT_MS);
        pool = new HikariDataSource(config);
        snapshot = new TransactionTemplate(new JdbcTransactionManager(pool));
        snapshot.setReadOnly(true);
        jdbc = JdbcClient.create(pool);
    }

    /** All of {@code query} sees the books as they were at one moment. */
    <T> T read(Function<JdbcClient, T> query) {
        awaitTurn();
        try {
            return snapshot.execute(transaction -> query.apply(jdbc));
        } finally {
            turns.release();
        }
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(TURN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CannotCreateTransactionException(this + " has been busy for " + TURN_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotCreateTransactionException("interrupted while waiting for " + this, e);
        }
    }

    boolean isRested() {
        return rest.isOver();
    }

    void letRest() {
        rest.begin();
    }

    /** Has the pool tell how its connections are used. */
    void measure(MeterRegistry registry) {
        pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
    }

    @Override
    public String toString() {
        return pool.getPoolName();
    }

    @Override
    public void close() {
        pool.close();
    }
}
