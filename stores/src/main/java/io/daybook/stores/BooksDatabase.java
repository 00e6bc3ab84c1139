package io.daybook.stores;

/**
 * The schemas of the books' database: that of the live books, that of books which are built aside, and that which they and all
 * projections share. They are found by a search path, so that no statement names a schema. Their migrations are Flyway's.
 */
public final class BooksDatabase {

    /** Of the live books. */
    public static final String LIVE = "books";

    /** Of books that are built aside, or kept. */
    public static final String ASIDE = "books_aside";

    /** With what projections tell of themselves, and are told. */
    public static final String SHARED = "projections";

    /** Where the live books are found, and what is shared. */
    public static final String SEARCH_PATH = LIVE + "," + SHARED;

    /** Where those aside are found, and what is shared. */
    public static final String ASIDE_SEARCH_PATH = ASIDE + "," + SHARED;

    /** The migrations of books, live or aside. */
    public static final String MIGRATIONS = "classpath:io/daybook/stores/db/generation";

    /** The migrations of what is shared. */
    public static final String SHARED_MIGRATIONS = "classpath:io/daybook/stores/db/projections";

    private BooksDatabase() {}
}
