package io.daybook.projections;

import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.LedgerEventJson;
import io.daybook.services.SharedServices;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes events as the command side does. */
public final class Publisher implements AutoCloseable {

    private final String topic;
    private final Consumer<StoredEvent> store;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> sequences = new HashMap<>();

    public Publisher(SharedServices.Isolated services) {
        this(services, event -> {});
    }

    /**
     * @param store has each event before Kafka has it
     */
    Publisher(SharedServices.Isolated services, Consumer<StoredEvent> store) {
        this.store = store;
        topic = EventsInKafka.topic(services.get("daybook.kafka.topic-prefix"));
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, services.get("daybook.kafka.bootstrap-servers")),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public void publish(String ledger, LedgerEvent event) {
        publish(ledger, event, LedgerEventJson.write(event));
    }

    /** The same, but with other JSON for it, such as that of an older version. */
    void publish(String ledger, LedgerEvent event, String data) {
        publish(ledger, event, data.getBytes(StandardCharsets.UTF_8));
    }

    private void publish(String ledger, LedgerEvent event, byte[] data) {
        publish(next(ledger, event, data));
    }

    /** The ledger's next event, for a test to change before it is published. */
    public StoredEvent next(String ledger, LedgerEvent event) {
        return next(ledger, event, LedgerEventJson.write(event));
    }

    private StoredEvent next(String ledger, LedgerEvent event, byte[] data) {
        return new StoredEvent(
                ledger,
                new Envelope(
                        sequences.merge(ledger, 1L, Long::sum),
                        UUID.randomUUID(),
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        "request",
                        "tester",
                        HashChain.FIRST_VERSION,
                        "00".repeat(32)),
                EventType.of(event).eventName(),
                null,
                data);
    }

    public void publish(StoredEvent event) {
        publish(event, event);
    }

    /** Publishes something else than what the store has. */
    void publish(StoredEvent published, StoredEvent stored) {
        store.accept(stored);
        publish(EventMessages.message(published, topic));
    }

    /** Something that is in the topic and not of Daybook. */
    void publishStrange(String key) {
        publish(new ProducerRecord<>(topic, key, "strange".getBytes(StandardCharsets.UTF_8)));
    }

    private void publish(ProducerRecord<String, byte[]> message) {
        producer.send(message);
        producer.flush();
    }

    /** Publishes nothing with the next sequence, which is this. */
    long skipSequence(String ledger) {
        return sequences.merge(ledger, 1L, Long::sum);
    }

    long lastSequence(String ledger) {
        return sequences.getOrDefault(ledger, 0L);
    }

    @Override
    public void close() {
        producer.close();
    }
}
