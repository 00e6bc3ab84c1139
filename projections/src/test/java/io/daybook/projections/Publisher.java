package io.daybook.projections;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.v1.CloudEventBuilder;
import io.cloudevents.kafka.CloudEventSerializer;
import io.daybook.axon.EventsInKafka;
import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;
import io.daybook.services.SharedServices;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;

/** Publishes events as the command side does. */
final class Publisher implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<String, CloudEvent> producer;
    private final KafkaMessageConverter<String, CloudEvent> converter = EventsInKafka.converter();
    private final Map<String, Long> sequences = new HashMap<>();

    Publisher(SharedServices.Isolated services) {
        topic = services.get("daybook.kafka.topic-prefix") + ".events";
        producer = new KafkaProducer<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, services.get("daybook.kafka.bootstrap-servers"),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, CloudEventSerializer.class));
    }

    void publish(String ledger, LedgerEvent event) {
        producer.send(message(ledger, event));
        producer.flush();
    }

    /** The same, but with other JSON for it, such as that of an older version. */
    void publish(String ledger, LedgerEvent event, String data) {
        ProducerRecord<String, CloudEvent> message = message(ledger, event);
        producer.send(new ProducerRecord<>(
                topic,
                message.key(),
                new CloudEventBuilder(message.value())
                        .withData(data.getBytes(StandardCharsets.UTF_8))
                        .build()));
        producer.flush();
    }

    private ProducerRecord<String, CloudEvent> message(String ledger, LedgerEvent event) {
        long sequence = sequences.merge(ledger, 1L, Long::sum);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return converter.createKafkaMessage(
                new GenericDomainEventMessage<>(
                        "Ledger",
                        ledger,
                        sequence - 1, // as Axon counts
                        new GenericMessage<>(
                                UUID.randomUUID().toString(),
                                event,
                                MetaData.with(RecordedEvent.Metadata.REQUEST_ID, "request")
                                        .and(RecordedEvent.Metadata.ACTOR, "tester")
                                        .and(RecordedEvent.Metadata.HASH, "00".repeat(32))),
                        () -> now),
                topic);
    }

    void skipSequence(String ledger) {
        sequences.merge(ledger, 1L, Long::sum);
    }

    long lastSequence(String ledger) {
        return sequences.getOrDefault(ledger, 0L);
    }

    @Override
    public void close() {
        producer.close();
    }
}
