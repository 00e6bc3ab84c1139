package io.daybook.events;

/**
 * An event with its place in history.
 *
 * @param ledger whose history it is part of
 * @param event what happened, in today's shape
 */
public record RecordedEvent(LedgerId ledger, Envelope envelope, LedgerEvent event) implements JournalEvent {

    /** The sequence of the first event of every ledger. */
    public static final long FIRST_SEQUENCE = 1;

    /** The names of the envelope's members that travel as metadata of the message around an event. */
    public static final class Metadata {
        public static final String EVENT_ID = "eventId";
        public static final String REQUEST_ID = "requestId";
        public static final String ACTOR = "actor";
        public static final String CHAIN = "chain";
        public static final String HASH = "hash";

        /** Only if the client began a trace. */
        public static final String TRACE = "trace";

        private Metadata() {}
    }
}
