package io.daybook.command.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.axon.LedgerEventSerializer;
import io.daybook.command.settings.CommandSideProperties;
import io.daybook.settings.DatabaseProperties;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The event store of this shard. Every bean is explicit: what Axon would choose by itself has no transactions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandSideProperties.class)
public class EventStoreConfiguration {

    /** With its tables as they are now. */
    @Bean(destroyMethod = "close")
    HikariDataSource eventStorePool(CommandSideProperties properties) throws SQLException {
        DatabaseProperties eventStore = properties.eventStore();
        HikariConfig config = new HikariConfig();
        config.setPoolName("event-store");
        config.setJdbcUrl(eventStore.jdbcUrl());
        config.setUsername(eventStore.username());
        config.setPassword(eventStore.password());
        config.setMaximumPoolSize(properties.commands().poolSize());
        config.setConnectionTimeout(properties.commands().connectionTimeout().toMillis());
        config.addDataSourceProperty("ApplicationName", "daybook-command-side");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            if (properties.migrations().atStart()) {
                EventStoreSchema.migrate(pool);
            } else {
                EventStoreSchema.require(pool);
            }
            return pool;
        } catch (SQLException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    @Bean
    JdbcTemplate jdbcTemplate(DataSource eventStore) {
        return new JdbcTemplate(eventStore);
    }

    @Bean
    TransactionManager transactionManager(DataSource eventStore) {
        return new SpringTransactionManager(new JdbcTransactionManager(eventStore));
    }

    @Bean
    SnapshotStore snapshotStore(DataSource eventStore) {
        return SnapshotStore.of(eventStore, new TransactionTemplate(new JdbcTransactionManager(eventStore)));
    }

    @Bean
    ConnectionProvider connectionProvider(DataSource eventStore) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(eventStore));
    }

    @Bean
    Serializer eventSerializer() {
        return new LedgerEventSerializer();
    }

    @Bean(destroyMethod = "shutDown")
    JournalEventStore eventStore(
            ConnectionProvider connections,
            TransactionManager transactions,
            Serializer serializer,
            SnapshotStore snapshots,
            JdbcTemplate journal,
            JournalTail tail) {
        return new JournalEventStore(
                JournalStorageEngine.create(
                        connections, transactions, EventStoreConfiguration::isDuplicateKey, serializer, snapshots),
                journal,
                tail);
    }

    @Bean
    JournalTail journalTail() {
        return new JournalTail();
    }

    @Bean(destroyMethod = "close")
    JournalAppender journalAppender(DataSource eventStore, JournalTail tail, CommandSideProperties properties) {
        return new JournalAppender(
                eventStore,
                tail,
                properties.commands().maxAppendRows(),
                properties.commands().stopTimeout());
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
