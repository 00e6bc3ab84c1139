package io.daybook.axon;

import io.daybook.events.RecordedEvent;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.UnreadableMessage;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;

/** Events as Axon's messages have them. */
public final class AxonEvents {

    /** The type of the aggregate that an event is of. */
    public static final String AGGREGATE_TYPE = EventMessages.AGGREGATE_TYPE;

    private AxonEvents() {}

    /** The number that Axon gives the event with this sequence: it counts the events of an aggregate from 0. */
    public static long sequence(long sequence) {
        return sequence - RecordedEvent.FIRST_SEQUENCE;
    }

    /** With the stored event as the payload. */
    public static DomainEventMessage<StoredEvent> of(StoredEvent event) {
        return new GenericDomainEventMessage<>(
                AGGREGATE_TYPE,
                event.ledger(),
                sequence(event.sequence()),
                new GenericMessage<>(event.id().toString(), event, MetaData.emptyInstance()),
                event::recordedAt);
    }

    static EventMessage<UnreadableMessage> of(UnreadableMessage message) {
        return new GenericEventMessage<>(message);
    }
}
