package io.daybook.stores;

/** What more than one asks of the event store's database. */
public final class JournalQueries {

    /** The migrations of the event store; Flyway's. */
    public static final String MIGRATIONS = "classpath:io/daybook/stores/db/event-store";

    /** The processor that publishes the journal, whose token tells how far. */
    public static final String PUBLICATION = "publication";

    /** Where the journal ends: the position of its last event; one row. */
    public static final String END = "select position from journal_head";

    /** The publication's {@code token} and {@code token_type}, for {@link StoredTokens#position}; no row if there is none. */
    public static final String PUBLISHED =
            "select token, token_type from token_entry where processor_name = '" + PUBLICATION + "' and segment = 0";

    /** The sequence of a ledger's last event, 0 if it has none; one row. */
    public static final String LAST_OF_LEDGER = "select coalesce(max(sequence), 0) from event where ledger = ?";

    /** The position of the event with a ledger, a sequence and a hash in hexadecimal; no row if there is none. */
    public static final String POSITION_OF_EVENT =
            "select position from event where ledger = ? and sequence = ? and encode(hash, 'hex') = ?";

    private JournalQueries() {}
}
