package io.daybook.command.publication;

import io.daybook.messages.EventsInKafka;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer that leaves no event out: the first one that Kafka does not take is, in its partition, the last one that is
 * sent. What is in Kafka of a ledger is therefore a beginning of what was sent, in its order.
 */
final class OrderedProducer implements AutoCloseable {

    private final Producer<String, byte[]> producer;
    private final KafkaClientMetrics metrics;
    private volatile boolean closed;

    /**
     * @param configuration the address of Kafka, and whatever differs from the defaults; nothing that order depends on
     * @param registry is told what Kafka's client measures, until this is closed
     */
    OrderedProducer(Map<String, Object> configuration, MeterRegistry registry) {
        Map<String, Object> complete = new HashMap<>(Map.of(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, EventsInKafka.MAX_MESSAGE_BYTES));
        complete.putAll(configuration);
        complete.put(ProducerConfig.ACKS_CONFIG, "all");
        complete.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // With more, Kafka may take a partition's second batch although it has just refused the first one.
        complete.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        this.producer = new KafkaProducer<>(complete);
        this.metrics = new KafkaClientMetrics(producer);
        metrics.bindTo(registry);
    }

    /**
     * Sends an event, some time. Until the future is done nobody knows whether Kafka has it.
     *
     * @throws IllegalStateException if it is closed
     */
    Future<RecordMetadata> send(ProducerRecord<String, byte[]> event) {
        return producer.send(event, (metadata, failure) -> {
            if (failure != null && !closed) {
                close();
            }
        });
    }

    /** Whether it sends nothing any more: because Kafka did not take an event, or because nothing more is wanted of it. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Drops what is not sent yet. Called back on the thread that sends, it keeps that thread from sending what comes after
     * a failure; a patient close would send it.
     */
    @Override
    public void close() {
        metrics.close();
        producer.close(Duration.ZERO);
        closed = true; // not before: the sending thread may rely on it and go on
    }
}
