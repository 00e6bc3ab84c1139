package io.daybook.projections.feed;

import io.daybook.projections.projection.PublishedEvent;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;

/** Reads what events say on the thread that fetches them. */
record ReadingConverter(KafkaMessageConverter<String, byte[]> messages)
        implements KafkaMessageConverter<String, byte[]> {

    @Override
    public ProducerRecord<String, byte[]> createKafkaMessage(EventMessage<?> event, String topic) {
        return messages.createKafkaMessage(event, topic);
    }

    @Override
    public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, byte[]> message) {
        return messages.readKafkaMessage(message).map(PublishedEvent::in);
    }
}
