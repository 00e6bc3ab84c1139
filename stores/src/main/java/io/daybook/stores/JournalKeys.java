package io.daybook.stores;

import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerEvent.TransactionReversed;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event is found by in the journal, beside its own id. It follows from the event, which alone the hash is over.
 *
 * @param entityId the id of the transaction or the hold that the event makes, if it makes one and it is not the event's id
 * @param subjectId the id of the earlier transaction that the event is about, or null
 * @param reference the client's name for the transaction, or null
 */
public record JournalKeys(
        @Nullable UUID entityId,
        @Nullable UUID subjectId,
        @Nullable String reference) {

    public static JournalKeys of(UUID eventId, LedgerEvent event) {
        UUID entity =
                switch (event) {
                    case Transaction transaction -> transaction.id();
                    case HoldPlaced hold -> hold.id();
                    default -> null;
                };
        UUID subject =
                switch (event) {
                    case TransactionReversed reversed -> reversed.reverses();
                    case MetadataChanged changed -> changed.transaction();
                    default -> null;
                };
        return new JournalKeys(
                eventId.equals(entity) ? null : entity,
                subject,
                event instanceof Transaction transaction ? transaction.reference() : null);
    }
}
