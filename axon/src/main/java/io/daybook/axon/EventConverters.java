package io.daybook.axon;

import io.cloudevents.CloudEvent;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.UnreadableMessage;
import java.util.Optional;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.cloudevent.CloudEventKafkaMessageConverter;

/** Between Axon's messages and those in Kafka. */
public final class EventConverters {

    private EventConverters() {}

    /**
     * The Kafka extension's converter as another Axon application would use it on the topic. It cannot read an event's
     * sequence (axon-kafka 4.9.0 takes the header for a number, which it is not in CloudEvents' binary mode, and gives 0),
     * and leaves out what is not an event without a word; {@link #storedEvents} does neither.
     */
    public static KafkaMessageConverter<String, CloudEvent> cloudEvents() {
        return CloudEventKafkaMessageConverter.builder()
                .serializer(new LedgerEventSerializer())
                .sourceSupplier(event -> EventsInKafka.SOURCE)
                .dataContentTypeSupplier(event -> Optional.of(EventsInKafka.CONTENT_TYPE))
                .addMetadataMapper(RecordedEvent.Metadata.REQUEST_ID, EventsInKafka.REQUEST_ID)
                .addMetadataMapper(RecordedEvent.Metadata.ACTOR, EventsInKafka.ACTOR)
                .addMetadataMapper(RecordedEvent.Metadata.CHAIN, EventsInKafka.CHAIN)
                .addMetadataMapper(RecordedEvent.Metadata.HASH, EventsInKafka.HASH)
                .build();
    }

    /**
     * Reads events as they were stored; their payloads are {@link io.daybook.events.StoredEvent}s, and that of a message that
     * is not an event an {@link UnreadableMessage}.
     */
    public static KafkaMessageConverter<String, byte[]> storedEvents() {
        return new StoredEventConverter();
    }
}
