package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A ledger's events in Kafka: all of its partition is read for them. */
final class TopicReader implements LedgerReader {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LedgerId ledger;
    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicPartition partition;
    private final long first;
    private long end;

    TopicReader(String bootstrapServers, String topic, LedgerId ledger) {
        this.ledger = ledger;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        try {
            int partitions = consumer.partitionsFor(topic).size();
            partition = new TopicPartition(topic, EventsInKafka.partition(ledger, partitions));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            first = consumer.position(partition);
            end = consumer.endOffsets(List.of(partition)).get(partition);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    @Override
    public List<StoredEvent> next() {
        long silentSince = System.nanoTime();
        while (!isAtEnd()) {
            List<ConsumerRecord<String, byte[]>> messages = consumer.poll(POLL).records(partition);
            List<StoredEvent> events = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> message : messages) {
                if (ledger.value().equals(message.key())) {
                    events.add(EventMessages.event(message));
                }
            }
            if (!events.isEmpty()) {
                return events;
            }
            if (!messages.isEmpty()) {
                silentSince = System.nanoTime();
            } else if (System.nanoTime() - silentSince > PATIENCE.toNanos()) {
                throw new IllegalStateException("Kafka has given no event for " + PATIENCE + ", though it has more");
            }
        }
        return List.of();
    }

    /** When all that is known of was read, there may be more. */
    private boolean isAtEnd() {
        if (consumer.position(partition) >= end) {
            end = consumer.endOffsets(List.of(partition)).get(partition);
        }
        return consumer.position(partition) >= end;
    }

    @Override
    public long total() {
        return end - first;
    }

    @Override
    public long read() {
        return consumer.position(partition) - first;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
