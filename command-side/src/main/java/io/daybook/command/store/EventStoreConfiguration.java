package io.daybook.command.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.axon.LedgerEventSerializer;
import io.daybook.stores.JournalQueries;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The event store of this shard. Every bean is explicit: what Axon would choose by itself has no transactions. */
@Configuration(proxyBeanMethods = false)
public class EventStoreConfiguration {

    /**
     * Two writers, the appender, the openers of ledgers, the snapshots, the publication's reader and its token keeper, the
     * expiry of holds, and one to spare.
     */
    private static final int POOL_SIZE = 13;

    private static final long CONNECTION_TIMEOUT_MS = 5_000;

    @Bean(defaultCandidate = false, destroyMethod = "close")
    HikariDataSource commandDataSource(
            @Value("${daybook.event-store.jdbc-url}") String url,
            @Value("${daybook.event-store.username}") String username,
            @Value("${daybook.event-store.password}") String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("event-store");
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        config.addDataSourceProperty("ApplicationName", "daybook-command-side");
        return new HikariDataSource(config);
    }

    /**
     * Over one connection, so that what was done, and that it was done, are committed together. Over two, as is usual, a
     * process that is killed between their commits leaves tables behind that nobody can make again.
     */
    @Bean(defaultCandidate = false)
    MigrateResult commandFlyway(@Qualifier("commandDataSource") DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Flyway.configure()
                    .dataSource(new SingleConnectionDataSource(connection, true))
                    .locations(JournalQueries.MIGRATIONS)
                    .load()
                    .migrate();
        }
    }

    @Bean(defaultCandidate = false)
    JdbcTemplate commandJdbcTemplate(@Qualifier("commandDataSource") DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean(defaultCandidate = false)
    TransactionManager commandTransactionManager(@Qualifier("commandDataSource") DataSource dataSource) {
        return new SpringTransactionManager(new JdbcTransactionManager(dataSource));
    }

    @Bean(defaultCandidate = false)
    SnapshotStore commandSnapshotStore(@Qualifier("commandDataSource") DataSource dataSource) {
        return SnapshotStore.of(dataSource, new TransactionTemplate(new JdbcTransactionManager(dataSource)));
    }

    @Bean(defaultCandidate = false)
    ConnectionProvider commandConnectionProvider(@Qualifier("commandDataSource") DataSource dataSource) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(dataSource));
    }

    @Bean(defaultCandidate = false)
    Serializer commandEventSerializer() {
        return new LedgerEventSerializer();
    }

    @Bean(defaultCandidate = false, destroyMethod = "shutDown")
    @DependsOn("commandFlyway")
    JournalEventStore commandEventStore(
            @Qualifier("commandConnectionProvider") ConnectionProvider connections,
            @Qualifier("commandTransactionManager") TransactionManager transactions,
            @Qualifier("commandEventSerializer") Serializer serializer,
            @Qualifier("commandSnapshotStore") SnapshotStore snapshots,
            @Qualifier("commandJdbcTemplate") JdbcTemplate journal,
            @Qualifier("journalTail") JournalTail tail) {
        return new JournalEventStore(
                JournalStorageEngine.create(
                        connections, transactions, EventStoreConfiguration::isDuplicateKey, serializer, snapshots),
                journal,
                tail);
    }

    @Bean(defaultCandidate = false)
    JournalTail journalTail() {
        return new JournalTail();
    }

    @Bean(defaultCandidate = false, destroyMethod = "close")
    @DependsOn("commandFlyway")
    JournalAppender journalAppender(
            @Qualifier("commandDataSource") DataSource dataSource, @Qualifier("journalTail") JournalTail tail) {
        return new JournalAppender(dataSource, tail);
    }

    private static boolean isDuplicateKey(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && JournalTable.isDuplicateKey(sql)) {
                return true;
            }
        }
        return false;
    }
}
