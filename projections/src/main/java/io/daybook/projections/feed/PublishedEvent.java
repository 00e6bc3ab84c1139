package io.daybook.projections.feed;

import io.daybook.axon.EventsInKafka;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;

/**
 * An event as it came from Kafka. What it says is read in today's shape; what the hash is over is what was published.
 *
 * @param type the name and version it was published under
 * @param data its canonical JSON as it was published
 */
public record PublishedEvent(RecordedEvent recorded, String type, String data) {

    /** One balance: that of an account in an asset. */
    public record BalanceKey(LedgerId ledger, AccountAddress account, Asset asset) {}

    /** Axon counts the events of an aggregate from 0, a journal counts from 1; the difference is made here, once. */
    static PublishedEvent of(EventMessage<?> message) {
        if (!(message instanceof DomainEventMessage<?> event && event.getPayload() instanceof LedgerEvent payload)) {
            throw new IllegalArgumentException("not an event of a ledger: " + message);
        }
        RecordedEvent recorded = new RecordedEvent(
                new LedgerId(event.getAggregateIdentifier()),
                event.getSequenceNumber() + RecordedEvent.FIRST_SEQUENCE,
                UUID.fromString(event.getIdentifier()),
                event.getTimestamp(),
                (String) event.getMetaData().get(RecordedEvent.Metadata.REQUEST_ID),
                (String) event.getMetaData().get(RecordedEvent.Metadata.ACTOR),
                (String) event.getMetaData().get(RecordedEvent.Metadata.HASH),
                payload);
        return new PublishedEvent(recorded, (String) event.getMetaData().get(EventsInKafka.PUBLISHED_TYPE), (String)
                event.getMetaData().get(EventsInKafka.PUBLISHED_DATA));
    }

    public LedgerId ledger() {
        return recorded.ledger();
    }

    public long sequence() {
        return recorded.sequence();
    }

    public LedgerEvent event() {
        return recorded.event();
    }

    /** How much work it makes: the number of its postings, at least 1. */
    int weight() {
        return event() instanceof Transaction transaction
                ? transaction.postings().size()
                : 1;
    }
}
