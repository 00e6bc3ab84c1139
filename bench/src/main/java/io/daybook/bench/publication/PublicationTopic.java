package io.daybook.bench.publication;

import io.daybook.messages.EventsTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic of events in Kafka. */
final class PublicationTopic implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;

    /** Declares it, if it is not there yet. */
    PublicationTopic(String bootstrapServers, String name) throws ExecutionException, InterruptedException {
        new EventsTopic(bootstrapServers, name, 12, 1).declare();
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        partitions = consumer.partitionsFor(name).stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
    }

    /** How many events are in it. */
    long size() {
        return consumer.endOffsets(partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /**
     * @throws AssertionError if it has not each event once, those of each ledger in their order
     */
    void verify(long events) {
        Map<String, Long> ledgers = new HashMap<>();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long left = size();
        if (left != events) {
            throw new AssertionError("in Kafka are " + left + " events, " + events + " should be");
        }
        while (left > 0) {
            for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                long expected = ledgers.merge(message.key(), 1L, Long::sum) - 1;
                if (sequence(message) != expected) {
                    throw new AssertionError("event " + expected + " of ledger " + message.key()
                            + " should come, and it is " + sequence(message));
                }
                left--;
            }
        }
    }

    /** As Axon counts, from 0. */
    private static long sequence(ConsumerRecord<String, byte[]> message) {
        byte[] header =
                message.headers().lastHeader("ce_axonmessageaggregateseq").value();
        return Long.parseLong(new String(header, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
