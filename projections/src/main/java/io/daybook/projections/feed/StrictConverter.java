package io.daybook.projections.feed;

import io.cloudevents.CloudEvent;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;

/** Stops at a message that is not an event. The extension's converter leaves it out without a word. */
final class StrictConverter implements KafkaMessageConverter<String, CloudEvent> {

    private final KafkaMessageConverter<String, CloudEvent> converter;

    StrictConverter(KafkaMessageConverter<String, CloudEvent> converter) {
        this.converter = converter;
    }

    @Override
    public ProducerRecord<String, CloudEvent> createKafkaMessage(EventMessage<?> event, String topic) {
        return converter.createKafkaMessage(event, topic);
    }

    @Override
    public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, CloudEvent> message) {
        return Optional.of(converter
                .readKafkaMessage(message)
                .orElseThrow(() -> new IllegalStateException("message " + message.offset() + " in partition "
                        + message.partition() + " of " + message.topic() + " is not an event that can be read")));
    }
}
