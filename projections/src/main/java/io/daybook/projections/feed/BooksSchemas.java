package io.daybook.projections.feed;

import io.daybook.stores.BooksDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Makes the schemas of {@link BooksDatabase}, and brings them to the present form. */
public final class BooksSchemas {

    private final DataSource database;

    public BooksSchemas(DataSource database) {
        this.database = database;
    }

    /** Brings what is shared, and the live books, to the present form. */
    public void migrate() {
        migrate(BooksDatabase.SHARED, BooksDatabase.SHARED_MIGRATIONS);
        migrateBooks(BooksDatabase.LIVE);
    }

    /**
     * Makes the tables of books, or brings them to the present form.
     *
     * @param schema {@link BooksDatabase#LIVE} or {@link BooksDatabase#ASIDE}
     */
    public void migrateBooks(String schema) {
        migrate(schema, BooksDatabase.MIGRATIONS);
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
    private void migrate(String schema, String location) {
        try (Connection connection = database.getConnection()) {
            Flyway.configure()
                    .dataSource(new SingleConnectionDataSource(connection, true))
                    .defaultSchema(schema)
                    .locations(location)
                    .load()
                    .migrate();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the books' database cannot be reached: " + e.getMessage(), e);
        }
    }
}
