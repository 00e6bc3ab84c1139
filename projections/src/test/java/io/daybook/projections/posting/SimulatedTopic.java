package io.daybook.projections.posting;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.record.TimestampType;

/** The topic of events in a simulated Kafka, with consumers that have moods. */
final class SimulatedTopic {

    static final String NAME = EventsInKafka.topic("simulated");
    private static final Duration ROUND_TRIP = Duration.ofMillis(20);
    private static final int MOST_AT_ONCE = 4;

    private final Simulation simulation;
    private final List<List<ProducerRecord<String, byte[]>>> partitions;
    private Instant awayUntil = Instant.MIN;
    private String id = UUID.randomUUID().toString();

    SimulatedTopic(Simulation simulation, int partitions) {
        this.simulation = simulation;
        this.partitions = IntStream.range(0, partitions).mapToObj(i -> empty()).toList();
    }

    private static List<ProducerRecord<String, byte[]>> empty() {
        return new ArrayList<>();
    }

    /** Kafka's, of the topic as it is now. */
    String id() {
        return id;
    }

    int partition(String ledger) {
        return EventsInKafka.partition(new LedgerId(ledger), partitions.size());
    }

    void append(StoredEvent event) {
        append(partition(event.ledger()), EventMessages.message(event, NAME));
    }

    /** Something that is in the topic and not of Daybook. */
    void appendStrange(int partition) {
        append(partition, new ProducerRecord<>(NAME, "strange", new byte[] {1}));
    }

    private void append(int partition, ProducerRecord<String, byte[]> message) {
        partitions.get(partition).add(message);
    }

    int partitions() {
        return partitions.size();
    }

    /** It is deleted, and made anew. */
    void recreate() {
        partitions.forEach(List::clear);
        id = UUID.randomUUID().toString();
    }

    void goAway(Duration time) {
        awayUntil = simulation.clock().instant().plus(time);
    }

    private void isThere() {
        if (awayUntil.isAfter(simulation.clock().instant())) {
            throw new DisconnectException("Kafka is away");
        }
    }

    Consumer<String, byte[]> consumer(Simulation.Host host) {
        return new SimulatedConsumer(host);
    }

    private final class SimulatedConsumer extends MockConsumer<String, byte[]> {

        private final Simulation.Host host;
        private final Map<TopicPartition, Integer> next = new HashMap<>();

        SimulatedConsumer(Simulation.Host host) {
            super("earliest");
            this.host = host;
        }

        @Override
        public Map<String, List<PartitionInfo>> listTopics() {
            isThere();
            return Map.of(
                    NAME,
                    IntStream.range(0, partitions.size())
                            .mapToObj(partition -> new PartitionInfo(NAME, partition, null, null, null))
                            .toList());
        }

        @Override
        public void assign(Collection<TopicPartition> assigned) {
            assigned.forEach(partition -> next.put(partition, 0));
        }

        @Override
        public void seek(TopicPartition partition, long offset) {
            next.put(partition, (int) offset);
        }

        @Override
        public ConsumerRecords<String, byte[]> poll(Duration timeout) {
            host.isAlive();
            simulation.pause(simulation.upTo(ROUND_TRIP));
            isThere();
            ConsumerRecords<String, byte[]> found = fetch();
            if (found.isEmpty()) {
                simulation.pause(simulation.upTo(timeout));
                found = fetch();
            }
            return found;
        }

        private ConsumerRecords<String, byte[]> fetch() {
            List<TopicPartition> order = new ArrayList<>(next.keySet());
            order.sort(Comparator.comparing(TopicPartition::partition));
            Collections.shuffle(order, new Random(simulation.random().nextLong()));
            Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> found = new LinkedHashMap<>();
            int room = 1 + simulation.random().nextInt(MOST_AT_ONCE);
            for (TopicPartition partition : order) {
                List<ProducerRecord<String, byte[]>> messages = partitions.get(partition.partition());
                int from = next.get(partition);
                if (from > messages.size()) {
                    from = 0; // as auto.offset.reset says
                }
                int to = Math.min(messages.size(), from + room);
                for (int offset = from; offset < to; offset++) {
                    found.computeIfAbsent(partition, p -> new ArrayList<>())
                            .add(record(partition, offset, messages.get(offset)));
                }
                next.put(partition, to);
                room -= to - from;
            }
            return new ConsumerRecords<>(found, Map.of());
        }

        private static ConsumerRecord<String, byte[]> record(
                TopicPartition partition, int offset, ProducerRecord<String, byte[]> message) {
            return new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    message.value().length,
                    message.key(),
                    message.value(),
                    message.headers(),
                    Optional.empty());
        }

        @Override
        public void close() {}
    }
}
