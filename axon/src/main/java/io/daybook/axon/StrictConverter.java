package io.daybook.axon;

import io.cloudevents.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;

/**
 * Reads events as the Kafka extension's CloudEvents converter does, but for three things. It stops at a message that is not
 * an event, where the extension leaves it out without a word. It reads the sequence from the header's text: the extension
 * takes it for a number, which it is not in CloudEvents' binary mode, and gives 0 for every event. And it passes on what was
 * published beside what was read from it, as an event's hash is over the former.
 */
final class StrictConverter implements KafkaMessageConverter<String, CloudEvent> {

    private static final String SEQUENCE = "axonmessageaggregateseq";

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
        EventMessage<?> event = converter.readKafkaMessage(message).orElse(null);
        CloudEvent published = message.value();
        Object sequence = published == null ? null : published.getExtension(SEQUENCE);
        if (!(event instanceof DomainEventMessage<?> domainEvent) || sequence == null || published.getData() == null) {
            throw new IllegalStateException("message " + message.offset() + " in partition " + message.partition()
                    + " of " + message.topic() + " is not an event of a ledger");
        }
        return Optional.of(new GenericDomainEventMessage<>(
                domainEvent.getType(),
                domainEvent.getAggregateIdentifier(),
                Long.parseLong(sequence.toString()),
                domainEvent.andMetaData(Map.of(
                        EventsInKafka.PUBLISHED_TYPE,
                        published.getType(),
                        EventsInKafka.PUBLISHED_DATA,
                        new String(published.getData().toBytes(), StandardCharsets.UTF_8))),
                domainEvent::getTimestamp));
    }
}
