package io.daybook.projections.feed;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

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

    private void migrate(String schema, String location) {
        Flyway.configure()
                .dataSource(database)
                .defaultSchema(schema)
                .locations(location)
                .load()
                .migrate();
    }
}
