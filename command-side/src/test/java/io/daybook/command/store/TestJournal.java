package io.daybook.command.store;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.services.SharedServices;
import io.daybook.stores.JournalQueries;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** An empty event store of a test's own. */
final class TestJournal implements AutoCloseable {

    private final HikariDataSource database = new HikariDataSource();

    TestJournal() {
        SharedServices.Isolated services = SharedServices.get().isolated();
        database.setJdbcUrl(services.get("daybook.event-store.jdbc-url"));
        database.setUsername(services.get("daybook.event-store.username"));
        database.setPassword(services.get("daybook.event-store.password"));
        Flyway.configure()
                .dataSource(database)
                .locations(JournalQueries.MIGRATIONS)
                .load()
                .migrate();
    }

    HikariDataSource database() {
        return database;
    }

    JdbcTemplate jdbc() {
        return new JdbcTemplate(database);
    }

    @Override
    public void close() {
        database.close();
    }
}
