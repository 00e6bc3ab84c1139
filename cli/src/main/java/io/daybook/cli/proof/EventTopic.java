package io.daybook.cli.proof;

import io.daybook.axon.EventsInKafka;
import io.daybook.axon.StoredEvent;
import io.daybook.cli.installation.Stores;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** The events in Kafka, up to what was there when it was asked. */
final class EventTopic implements EventSource {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String address;
    private final String topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    private EventTopic(
            String address, String topic, KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.address = address;
        this.topic = topic;
        this.consumer = consumer;
        this.ends = ends;
    }

    static EventTopic of(Stores stores) {
        String address = stores.get("daybook.kafka.bootstrap-servers");
        String topic = EventsInKafka.topic(stores.get("daybook.kafka.topic-prefix", "daybook"));
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        address,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            return new EventTopic(address, topic, consumer, consumer.endOffsets(partitions));
        } catch (KafkaException e) {
            consumer.close();
            throw EventSource.unreachable("Kafka", address, e);
        }
    }

    @Override
    public String title() {
        return "Kafka";
    }

    @Override
    public long count(@Nullable LedgerId ledger) {
        List<TopicPartition> partitions = partitions(ledger);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        return partitions.stream()
                .mapToLong(partition -> ends.get(partition) - beginnings.get(partition))
                .sum();
    }

    /** Those of all ledgers, or the one that has all of a ledger's events. */
    private List<TopicPartition> partitions(@Nullable LedgerId ledger) {
        if (ledger == null) {
            return List.copyOf(ends.keySet());
        }
        return List.of(new TopicPartition(topic, EventsInKafka.partition(ledger, ends.size())));
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> events) {
        List<TopicPartition> partitions = partitions(ledger);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long lastMessageNanos = System.nanoTime();
        try {
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<String, byte[]> messages = consumer.poll(POLL);
                for (ConsumerRecord<String, byte[]> message : messages) {
                    boolean isWanted = ledger == null || ledger.value().equals(message.key());
                    if (isWanted && message.offset() < ends.get(new TopicPartition(topic, message.partition()))) {
                        events.accept(StoredEvent.of(message));
                    }
                }
                if (!messages.isEmpty()) {
                    lastMessageNanos = System.nanoTime();
                } else if (System.nanoTime() - lastMessageNanos > PATIENCE.toNanos()) {
                    throw new CommandFailed("Kafka at " + address + " has given no message for " + PATIENCE.toSeconds()
                            + " s, though " + topic + " has more.\n'./daybook status' tells whether it runs.");
                }
            }
        } catch (KafkaException | IllegalArgumentException e) {
            throw new CommandFailed("The events in Kafka cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
