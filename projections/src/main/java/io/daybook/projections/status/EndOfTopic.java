package io.daybook.projections.status;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the topic of events ends, in each partition. Used by one thread. */
final class EndOfTopic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfTopic.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private Map<TopicPartition, Long> ends = Map.of();

    EndOfTopic(String bootstrapServers, String topic) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Asks Kafka; if it does not answer, what it said last stands. */
    void refresh() {
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, TIMEOUT).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            ends = consumer.endOffsets(partitions, TIMEOUT);
        } catch (RuntimeException e) {
            LOG.debug("the end of {} is not known now", topic, e);
        }
    }

    /** How many events lie behind these positions, each the last offset that was read. */
    long behind(Map<TopicPartition, Long> positions) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - 1 - positions.getOrDefault(end.getKey(), -1L)))
                .sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
