package io.daybook.command.publication;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.messages.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic of events, as something that is emptied. */
final class EventTopic {

    private static final Logger LOG = LoggerFactory.getLogger(EventTopic.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);

    private final EventsTopic topic;

    EventTopic(EventsTopic topic) {
        this.topic = topic;
    }

    String name() {
        return topic.name();
    }

    /** Makes it if it is not there. */
    void declare() throws ExecutionException, InterruptedException {
        topic.declare();
    }

    /** That of all events of a ledger. */
    int partition(LedgerId ledger) {
        return EventsInKafka.partition(ledger, topic.partitions());
    }

    /**
     * The last event in each partition that has any. What is no event is left out: it will not be missed.
     *
     * @param only the partition that is asked for, or null for all
     */
    List<StoredEvent> lastEvents(@Nullable Integer only) {
        List<StoredEvent> last = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> all = partitions(only);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
            consumer.endOffsets(all).forEach((partition, end) -> {
                if (end > beginnings.get(partition)) {
                    consumer.assign(List.of(partition));
                    consumer.seek(partition, end - 1);
                    try {
                        last.add(EventMessages.event(next(consumer)));
                    } catch (IllegalArgumentException e) {
                        LOG.warn("the end of {} cannot be read: {}", partition, e.getMessage());
                    }
                }
            });
        }
        return last;
    }

    private static ConsumerRecord<String, byte[]> next(KafkaConsumer<String, byte[]> consumer) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                return message;
            }
        }
        throw new IllegalStateException(
                "Kafka has given no message for " + TIMEOUT.toSeconds() + " s, though it has one");
    }

    /**
     * Deletes all messages that are there; those that follow have higher offsets.
     *
     * @param only the partition, or null for all
     */
    void empty(@Nullable Integer only) throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> everything = partitions(only).stream()
                .collect(Collectors.toMap(partition -> partition, partition -> RecordsToDelete.beforeOffset(-1)));
        try (Admin admin = Topics.admin(topic.bootstrapServers())) {
            admin.deleteRecords(everything).all().get();
        }
    }

    private List<TopicPartition> partitions(@Nullable Integer only) {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            if (only == null || only == partition) {
                all.add(new TopicPartition(topic.name(), partition));
            }
        }
        return all;
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topic.bootstrapServers(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) TIMEOUT.toMillis()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public String toString() {
        return topic.name();
    }
}
