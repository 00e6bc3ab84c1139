package io.daybook.events;

import java.time.Instant;
import java.util.UUID;

/**
 * An event with its place in history.
 *
 * @param ledger whose history it is part of
 * @param sequence its place in the ledger's journal: 1 for the first event, without gaps
 * @param id unique in the ledger; derived from the idempotency key or the transaction's id where the client gave one
 * @param recordedAt system time, in microseconds
 * @param requestId the request that caused it
 * @param actor who asked
 * @param chain the version of the chain that its hash is of
 * @param hash its link in the ledger's {@linkplain HashChain hash chain}, in lower-case hexadecimal
 */
public record RecordedEvent(
        LedgerId ledger,
        long sequence,
        UUID id,
        Instant recordedAt,
        String requestId,
        String actor,
        int chain,
        String hash,
        LedgerEvent event) {

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
