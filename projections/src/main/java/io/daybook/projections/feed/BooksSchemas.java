package io.daybook.projections.feed;

import io.daybook.stores.BooksDatabase;
import io.daybook.stores.ReleaseBefore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Makes the schemas of {@link BooksDatabase}, and brings them to the present form. */
public final class BooksSchemas {

    private final DataSource database;

    public BooksSchemas(DataSource database) {
        this.database = database;
    }

    /**
     * Brings what is shared, and the live books, to the present form.
     *
     * @return how many migrations there were to be done
     */
    public int migrate() {
        return migrate(BooksDatabase.SHARED, BooksDatabase.SHARED_MIGRATIONS) + migrateBooks(BooksDatabase.LIVE);
    }

    /**
     * Makes the tables of books, or brings them to the present form.
     *
     * @param schema {@link BooksDatabase#LIVE} or {@link BooksDatabase#ASIDE}
     * @return how many migrations there were to be done
     */
    public int migrateBooks(String schema) {
        return migrate(schema, BooksDatabase.MIGRATIONS);
    }

    private int migrate(String schema, String location) {
        return in(schema, location, flyway -> flyway.load().migrate().migrationsExecuted);
    }

    /**
     * Makes sure that what is shared, and the live books, have what this version needs, which is what the release before had; they
     * may have more.
     *
     * @throws IllegalStateException if migrations are to be done before
     */
    public void require() {
        int lacking = lacking(BooksDatabase.SHARED, BooksDatabase.SHARED_MIGRATIONS, ReleaseBefore.SHARED)
                + lacking(BooksDatabase.LIVE, BooksDatabase.MIGRATIONS, ReleaseBefore.BOOKS);
        if (lacking > 0) {
            throw new IllegalStateException("the books' database lacks " + lacking
                    + " migrations without which this version cannot work; run './daybook migrate' first, or set"
                    + " daybook.migrations.at-start=true");
        }
    }

    private int lacking(String schema, String location, String before) {
        return in(
                schema, location, flyway -> flyway.target(before).load().info().pending().length);
    }

    /**
     * Whether their database can be asked at the moment.
     *
     * @param patience how long its answer is waited for, in whole seconds
     * @throws SQLException if it cannot
     */
    public void requireAnswer(Duration patience) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!connection.isValid((int) patience.toSeconds())) {
                throw new SQLException("the connection does not answer");
            }
        }
    }

    /**
     * Over one connection, so that what was done, and that it was done, are committed together. Over two, as is usual, a
     * process that is killed between their commits leaves tables behind that nobody can make again.
     */
    private int in(String schema, String location, ToIntFunction<FluentConfiguration> what) {
        try (Connection connection = database.getConnection()) {
            return what.applyAsInt(Flyway.configure()
                    .dataSource(new SingleConnectionDataSource(connection, true))
                    .defaultSchema(schema)
                    .locations(location));
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the books' database cannot be reached: " + e.getMessage(), e);
        }
    }
}
