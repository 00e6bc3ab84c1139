package io.daybook.projections.feed;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The schemas of the books' database: that of the live books, that of books which are built aside, and that which they and
 * all projections share. They are found by a search path, so that no statement names a schema.
 */
public final class BooksSchemas {

    /** Of the live books. */
    public static final String LIVE = "books";

    /** Of books that are built aside, or kept. */
    public static final String ASIDE = "books_aside";

    private static final String SHARED = "projections";

    /** Where the live books are found. */
    public static final String SEARCH_PATH = LIVE + "," + SHARED;

    /** Where those aside are found. */
    public static final String ASIDE_SEARCH_PATH = ASIDE + "," + SHARED;

    private final DataSource database;

    public BooksSchemas(DataSource database) {
        this.database = database;
    }

    /** Brings what is shared, and the live books, to the present form. */
    public void migrate() {
        migrate(SHARED, "classpath:db/projections");
        migrateBooks(LIVE);
    }

    /**
     * Makes the tables of books, or brings them to the present form.
     *
     * @param schema {@link #LIVE} or {@link #ASIDE}
     */
    public void migrateBooks(String schema) {
        migrate(schema, "classpath:db/generation");
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
