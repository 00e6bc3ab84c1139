package io.daybook.query.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.daybook.query.settings.QuerySideProperties;
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

    private static final String CONNECT_TIMEOUT_S = "1";

    /** So much longer than any statement may take: only a server that has gone silent runs into it. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final HikariDataSource pool;
    private final TransactionTemplate snapshot;
    private final JdbcClient jdbc;
    private final Rest rest;
    private final Duration turnTimeout;

    /** One for each connection, so that waiting for the pool itself means that the server cannot be reached. */
    private final Semaphore turns;

    BooksSource(String name, String url, QuerySideProperties properties) {
        QuerySideProperties.Queries queries = properties.queries();
        rest = new Rest(queries.rest());
        turnTimeout = queries.turnTimeout();
        turns = new Semaphore(queries.poolSize(), true);
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(properties.books().username());
        config.setPassword(properties.books().password());
        config.setMaximumPoolSize(queries.poolSize());
        config.setConnectionTimeout(queries.connectionTimeout().toMillis());
        // A server that is down must not keep this one from starting.
        config.setInitializationFailTimeout(-1);
        // As long for a server that has gone silent: Hikari would give it five seconds to prove a connection alive.
        config.setValidationTimeout(queries.connectionTimeout().toMillis());
        config.setReadOnly(true);
        // Set once a connection; set by each transaction it would cost three round trips.
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setAutoCommit(false);
        config.addDataSourceProperty("ApplicationName", "daybook-query-side");
        config.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("loginTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty(
                "socketTimeout",
                Long.toString(queries.statementTimeout().plus(SILENCE).toSeconds()));
        config.addDataSourceProperty(
                "options", "-c statement_timeout=" + queries.statementTimeout().toMillis());
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
            if (!turns.tryAcquire(turnTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CannotCreateTransactionException(this + " has been busy for " + turnTimeout);
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
