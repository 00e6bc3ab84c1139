package io.daybook.axon;

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
        return ((StoredEvent) event.getPayload()).asMessage(topic);
    }

    @Override
    public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, byte[]> message) {
        try {
            return Optional.of(StoredEvent.of(message).asAxonEvent());
        } catch (IllegalArgumentException e) {
            return Optional.of(UnreadableMessage.of(message, e.getMessage()).asAxonEvent());
        }
    }
}
