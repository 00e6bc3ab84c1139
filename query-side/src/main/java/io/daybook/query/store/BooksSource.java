package io.daybook.query.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** One PostgreSQL server that has the books, with a small pool of connections to it. */
final class BooksSource implements AutoCloseable {

    private static final int POOL_SIZE = 8;

    /** How long a query waits for a connection before it goes elsewhere, in milliseconds. */
    private static final long CONNECTION_TIMEOUT_MS = 500;

    private static final String STATEMENT_TIMEOUT_MS = "5000";

    private static final String CONNECT_TIMEOUT_S = "1";

    /** Longer than any statement may take: only a server that has gone silent runs into it. */
    private static final String SOCKET_TIMEOUT_S = "8";

    private final HikariDataSource pool;
    private final TransactionTemplate snapshot;
    private final JdbcClient jdbc;
    private final Rest rest = new Rest();

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
        config.setReadOnly(true);
        config.setAutoCommit(false);
        config.addDataSourceProperty("ApplicationName", "daybook-query-side");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("loginTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT_S);
        config.addDataSourceProperty("options", "-c statement_timeout=" + STATEMENT_TIMEOUT_MS);
        pool = new HikariDataSource(config);
        snapshot = new TransactionTemplate(new JdbcTransactionManager(pool));
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        jdbc = JdbcClient.create(pool);
    }

    /** All of {@code query} sees the books as they were at one moment. */
    <T> T read(Function<JdbcClient, T> query) {
        return snapshot.execute(transaction -> query.apply(jdbc));
    }

    boolean isRested() {
        return rest.isOver();
    }

    void letRest() {
        rest.begin();
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
