package io.daybook.command.store;

import io.daybook.settings.DatabaseProperties;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.ReleaseBefore;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The tables of the event store, which migrations bring to the present form. */
public final class EventStoreSchema {

    private EventStoreSchema() {}

    /**
     * Brings the tables to the present form, over one connection, so that what was done, and that it was done, are committed
     * together. Over two, as is usual, a process that is killed between their commits leaves tables behind that nobody can make
     * again.
     *
     * @return how many migrations there were to be done
     */
    static int migrate(DataSource eventStore) throws SQLException {
        try (Connection connection = eventStore.getConnection()) {
            return flyway(connection).load().migrate().migrationsExecuted;
        }
    }

    /**
     * The same, of a database that nobody is connected to yet.
     *
     * @throws IllegalStateException if it cannot be reached
     */
    public static int migrate(DatabaseProperties eventStore) {
        try {
            return migrate(
                    new DriverManagerDataSource(eventStore.jdbcUrl(), eventStore.username(), eventStore.password()));
        } catch (SQLException e) {
            throw new IllegalStateException("the event store cannot be migrated: " + e.getMessage(), e);
        }
    }

    /**
     * Makes sure that the tables have what this version needs, which is what the release before had; they may have more.
     *
     * @throws IllegalStateException if migrations are to be done before
     */
    static void require(DataSource eventStore) throws SQLException {
        try (Connection connection = eventStore.getConnection()) {
            int lacking = flyway(connection)
                    .target(ReleaseBefore.EVENT_STORE)
                    .load()
                    .info()
                    .pending()
                    .length;
            if (lacking > 0) {
                throw new IllegalStateException("the event store lacks " + lacking
                        + " migrations without which this version cannot work; run './daybook migrate' first, or set"
                        + " daybook.migrations.at-start=true");
            }
        }
    }

    private static FluentConfiguration flyway(Connection connection) {
        return Flyway.configure()
                .dataSource(new SingleConnectionDataSource(connection, true))
                .locations(JournalQueries.MIGRATIONS);
    }
}
