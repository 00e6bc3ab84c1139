package io.daybook.stores;

/**
 * The last migrations of the release before this one. While a release is rolled out, nodes of both run beside each other: those of
 * the one before on a schema that was migrated already, and those of this one perhaps on one that was not yet. So this release
 * works on the schema of the one before, and what it migrates only adds to it.
 */
public final class ReleaseBefore {

    /** Of {@link JournalQueries#MIGRATIONS}. */
    public static final String EVENT_STORE = "10";

    /** Of {@link BooksDatabase#SHARED_MIGRATIONS}. */
    public static final String SHARED = "7";

    /** Of {@link BooksDatabase#MIGRATIONS}. */
    public static final String BOOKS = "5";

    private ReleaseBefore() {}
}
