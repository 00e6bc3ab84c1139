package io.daybook.stores;

/** What more than one asks of the books' database. Each is a statement that can be added to. */
public final class BooksQueries {

    /** How far ledgers are in the books. */
    public static final String POSITIONS = "select ledger, sequence from ledger";

    /**
     * The ledgers that live generations wait with, in columns {@code projection}, {@code generation}, {@code ledger}, {@code
     * sequence} of the event that could not be posted, {@code last} that has come since, {@code reason} and {@code since}.
     */
    public static final String PARKED = """
            select parked.*
              from parked
              join generation on generation.projection = parked.projection and live = parked.generation
            """;

    private BooksQueries() {}
}
