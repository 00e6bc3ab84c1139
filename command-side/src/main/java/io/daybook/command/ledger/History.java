package io.daybook.command.ledger;

import io.daybook.events.RecordedEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the journal of a ledger already holds under an identity that a command names. It is asked, not held: a ledger's
 * keys, ids and references are kept as long as the ledger lives and would not fit in memory.
 */
public interface History {

    /** The event with this id. */
    @Nullable Entry event(UUID eventId);

    /** What made the transaction or the hold with this id. */
    @Nullable Entry entity(UUID id);

    /** What undid the transaction with this id. */
    @Nullable Entry reversal(UUID transaction);

    /** The last change of the metadata of the transaction with this id. */
    @Nullable Entry metadata(UUID transaction);

    /** The transaction with this reference. */
    @Nullable Entry reference(String reference);

    /**
     * @param fingerprint that of the request it came with, or null if that had no idempotency key
     */
    record Entry(RecordedEvent event, @Nullable String fingerprint) {}
}
