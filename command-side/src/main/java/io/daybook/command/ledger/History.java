package io.daybook.command.ledger;

import io.daybook.events.HashChain;
import io.daybook.events.RecordedEvent;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the journal of a ledger already holds under an identity that a command names. It is asked, not held: a ledger's
 * keys, ids and references are kept as long as the ledger lives and would not fit in memory.
 */
public interface History {

    /** Where the journal ends. */
    Head head();

    /** The event with this id. */
    @Nullable Entry event(UUID eventId);

    /** What is remembered of a command that would have led to the event with this id, and led to none. */
    @Nullable RememberedCommand remembered(UUID eventId);

    /** What made the transaction or the hold with this id. */
    @Nullable Entry entity(UUID id);

    /** What undid the transaction with this id. */
    @Nullable Entry reversal(UUID transaction);

    /** The last change of the metadata of the transaction with this id. */
    @Nullable Entry metadata(UUID transaction);

    /** The transaction with this reference. */
    @Nullable Entry reference(String reference);

    /**
     * @param sequence of the last event; 0 if there is none
     * @param chain the version of the hash chain that the last event is hashed under
     * @param hash of the last event, or what stands before the first one; in hexadecimal
     */
    record Head(long sequence, int chain, String hash) {

        /** The head of a journal without events. */
        public static Head none() {
            return new Head(
                    RecordedEvent.FIRST_SEQUENCE - 1,
                    HashChain.FIRST_VERSION,
                    HexFormat.of().formatHex(HashChain.genesis()));
        }
    }

    /**
     * @param fingerprint that of the request it came with, or null if that had no idempotency key
     */
    record Entry(RecordedEvent event, @Nullable String fingerprint) {}
}
