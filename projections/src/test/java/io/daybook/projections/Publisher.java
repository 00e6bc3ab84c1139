package io.daybook.projections;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;
import io.daybook.services.SharedServices;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.extensions.kafka.eventhandling.cloudevent.CloudEventKafkaMessageConverter;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import tools.jackson.databind.json.JsonMapper;

/** Publishes events as the command side does, with the same converter of the Kafka extension. */
final class Publisher implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<String, CloudEvent> producer;
    private final CloudEventKafkaMessageConverter converter = CloudEventKafkaMessageConverter.builder()
            .serializer(new EventSerializer())
            .sourceSupplier(event -> URI.create("/daybook"))
            .dataContentTypeSupplier(event -> Optional.of("application/json"))
            .addMetadataMapper(RecordedEvent.Metadata.REQUEST_ID, "requestid")
            .addMetadataMapper(RecordedEvent.Metadata.ACTOR, "actor")
            .addMetadataMapper(RecordedEvent.Metadata.HASH, "hash")
            .build();
    private final Map<String, Long> sequences = new HashMap<>();

    Publisher(SharedServices.Isolated services) {
        topic = services.get("daybook.kafka.topic-prefix") + ".events";
        producer = new KafkaProducer<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, services.get("daybook.kafka.bootstrap-servers"),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, CloudEventSerializer.class));
    }

    void publish(String ledger, LedgerEvent event) {
        long sequence = sequences.merge(ledger, 1L, Long::sum);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        producer.send(converter.createKafkaMessage(
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
                topic));
        producer.flush();
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

    /** Of Axon's serializers only what publishing needs. */
    private static final class EventSerializer implements org.axonframework.serialization.Serializer {

        private static final JsonMapper JSON = JsonMapper.builder().build();

        @Override
        public <T> SerializedObject<T> serialize(Object object, Class<T> representation) {
            return new SimpleSerializedObject<>(
                    representation.cast(JSON.writeValueAsBytes(object)),
                    representation,
                    typeForClass(object.getClass()));
        }

        @Override
        public <T> boolean canSerializeTo(Class<T> representation) {
            return representation == byte[].class;
        }

        @Override
        public <S, T> T deserialize(SerializedObject<S> serialized) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Class<?> classForType(SerializedType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SerializedType typeForClass(Class type) {
            return new SimpleSerializedType(EventType.of((Class<?>) type).eventName(), null);
        }

        @Override
        public org.axonframework.serialization.Converter getConverter() {
            throw new UnsupportedOperationException();
        }
    }
}
