package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.installation.Stores;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.Topics;
import java.time.Duration;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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
final class TopicEventSource implements EventSource {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** So many messages may be no events before {@link #upTo} finds one. */
    private static final int LOOKED_BACK = 50;

    private final String address;
    private final String topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    private TopicEventSource(
            String address, String topic, KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.address = address;
        this.topic = topic;
        this.consumer = consumer;
        this.ends = ends;
    }

    static TopicEventSource of(Stores stores) {
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
            return new TopicEventSource(address, topic, consumer, consumer.endOffsets(partitions));
        } catch (KafkaException e) {
            consumer.close();
            throw EventSource.unreachable("Kafka", address, e);
        }
    }

    @Override
    public String title() {
        return "Kafka";
    }

    /** A publication that was cut off sends again what it cannot know to be there. */
    @Override
    public boolean mayRepeat() {
        return true;
    }

    /** How many there are; 0 if there is no such topic. */
    int partitions() {
        return ends.size();
    }

    /** That which Kafka has given it; one that is made anew has another. */
    String id() {
        try {
            return Topics.id(address, topic);
        } catch (ExecutionException e) {
            throw EventSource.unreachable(title(), address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("The id of " + topic + " was waited for, and that was interrupted. Try again.", e);
        }
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
        if (ledger == null || ends.isEmpty()) {
            return List.copyOf(ends.keySet());
        }
        return List.of(new TopicPartition(topic, EventsInKafka.partition(ledger, ends.size())));
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange) {
        List<TopicPartition> partitions = partitions(ledger);
        read(this.consumer.beginningOffsets(partitions), ends, message -> {
            StoredEvent event;
            try {
                event = EventMessages.event(message);
            } catch (IllegalArgumentException e) {
                if (ledger == null || ledger.value().equals(message.key())) {
                    strange.accept(Finding.of(message.key(), e.getMessage()));
                }
                return;
            }
            if (ledger == null || ledger.value().equals(event.ledger())) {
                if (!event.ledger().equals(message.key())) {
                    strange.accept(Finding.of(
                            event.ledger(),
                            "event " + event.sequence() + " in Kafka has the key '" + message.key()
                                    + "', which is not its ledger's (message " + message.offset() + " in partition "
                                    + message.partition() + " of " + topic + ")"));
                }
                consumer.accept(event);
            }
        });
    }

    /** The last events of a partition up to an offset, the latest first. */
    List<StoredEvent> upTo(int partition, long offset) {
        TopicPartition only = new TopicPartition(topic, partition);
        long end = Math.min(offset + 1, ends.getOrDefault(only, 0L));
        long beginning = Math.max(
                end - LOOKED_BACK, consumer.beginningOffsets(List.of(only)).getOrDefault(only, end));
        LinkedList<StoredEvent> events = new LinkedList<>();
        read(Map.of(only, beginning), Map.of(only, end), message -> {
            try {
                events.addFirst(EventMessages.event(message));
            } catch (IllegalArgumentException e) {
                // Whoever reads the topic as a whole tells of it.
            }
        });
        return events;
    }

    /** Gives the messages from these offsets on, and before those. */
    private void read(
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<String, byte[]>> messages) {
        try {
            consumer.assign(beginnings.keySet());
            beginnings.forEach(consumer::seek);
            long lastMessageNanos = System.nanoTime();
            while (beginnings.keySet().stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
                for (ConsumerRecord<String, byte[]> message : polled) {
                    if (message.offset() < ends.get(new TopicPartition(topic, message.partition()))) {
                        messages.accept(message);
                    }
                }
                if (!polled.isEmpty()) {
                    lastMessageNanos = System.nanoTime();
                } else if (System.nanoTime() - lastMessageNanos > PATIENCE.toNanos()) {
                    throw new CommandFailed("Kafka at " + address + " has given no message for " + PATIENCE.toSeconds()
                            + " s, though " + topic + " has more.\n'./daybook status' tells whether it runs.");
                }
            }
        } catch (KafkaException e) {
            throw new CommandFailed(
                    "The events in Kafka cannot be read: " + e.getMessage()
                            + ".\n'./daybook status' tells whether it runs.",
                    e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
