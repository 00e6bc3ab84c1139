package io.daybook.axon;

import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.UnreadableMessage;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;

/**
 * Between Axon's messages and Kafka's where the payload is a {@link StoredEvent}; of what is not an event an {@link
 * UnreadableMessage} is made, so that it holds nobody up and is not left out either.
 */
final class StoredEventConverter implements KafkaMessageConverter<String, byte[]> {

    @Override
    public ProducerRecord<String, byte[]> createKafkaMessage(EventMessage<?> event, String topic) {
        return EventMessages.message((StoredEvent) event.getPayload(), topic);
    }

    @Override
    public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, byte[]> message) {
        try {
            return Optional.of(AxonEvents.of(EventMessages.event(message)));
        } catch (IllegalArgumentException e) {
            return Optional.of(AxonEvents.of(UnreadableMessage.of(message, e.getMessage())));
        }
    }
}
