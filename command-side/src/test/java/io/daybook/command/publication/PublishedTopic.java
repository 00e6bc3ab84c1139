package io.daybook.command.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic of events as a projection reads it: what it has seen it skips, and nothing may be missing before what is new. */
final class PublishedTopic implements AutoCloseable {

    private final KafkaConsumer<String, String> consumer;
    private final List<TopicPartition> partitions;
    private final Map<String, Long> events = new TreeMap<>();

    PublishedTopic(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringDeserializer(),
                new StringDeserializer());
        partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** How many messages there are, repeats among them. */
    long size() {
        return consumer.endOffsets(partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Reads to the end, and tells how many events each ledger has. */
    Map<String, Long> read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(Duration.ofMillis(200)).forEach(this::read);
        }
        return Map.copyOf(events);
    }

    private void read(ConsumerRecord<String, String> message) {
        long known = events.getOrDefault(message.key(), 0L);
        long sequence = sequence(message);
        assertThat(sequence)
                .as("the sequence of %s that comes after %d events", message.key(), known)
                .isLessThanOrEqualTo(known);
        events.put(message.key(), Math.max(known, sequence + 1));
    }

    /** As Axon counts, from 0. */
    private static long sequence(ConsumerRecord<String, String> message) {
        byte[] header =
                message.headers().lastHeader("ce_axonmessageaggregateseq").value();
        return Long.parseLong(new String(header, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
