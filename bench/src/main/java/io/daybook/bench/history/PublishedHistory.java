package io.daybook.bench.history;

import io.daybook.command.store.JournalEntry;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A {@link SampleHistory} in Kafka. */
public final class PublishedHistory implements AutoCloseable {

    private final String topic;
    private final SampleHistory history;
    private final KafkaProducer<String, byte[]> producer;

    /**
     * @param services properties of an application
     */
    public PublishedHistory(Map<String, String> services) throws ExecutionException, InterruptedException {
        String prefix = services.get("daybook.kafka.topic-prefix");
        String bootstrapServers = services.get("daybook.kafka.bootstrap-servers");
        // Names that no other subject has: all share one Redis.
        this.history = new SampleHistory(prefix);
        this.topic = EventsInKafka.topic(prefix);
        new EventsTopic(bootstrapServers, topic, 12, 1).declare();
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        // With more, Kafka may take a new partition's second batch although it has refused the first.
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes the next events, and waits until Kafka has them. */
    public void publish(int events) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent =
                history.next(events).stream().map(this::publish).toList();
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
    }

    private Future<RecordMetadata> publish(JournalEntry entry) {
        return producer.send(EventMessages.message(entry.stored(), topic));
    }

    @Override
    public void close() {
        producer.close();
    }
}
