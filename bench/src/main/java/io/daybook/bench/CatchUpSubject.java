package io.daybook.bench;

import io.daybook.axon.EventsInKafka;
import io.daybook.axon.StoredEvent;
import io.daybook.bench.Backlog.Worker;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Applies events that wait in Kafka to a store. Each round there are as many more, of the same ledgers. */
final class CatchUpSubject implements Subject {

    /** Starts to apply what waits. */
    @FunctionalInterface
    interface Starter {
        /**
         * @param before how many events were applied in earlier rounds, and do not count
         */
        Worker start(Map<String, String> services, long before) throws Exception;
    }

    private final String name;
    private final CatchUpScenario scenario;
    private final Map<String, String> services;
    private final Starter starter;
    private final String topic;
    private final History history;
    private final KafkaProducer<String, byte[]> producer;
    private long applied;

    CatchUpSubject(String name, CatchUpScenario scenario, Map<String, String> services, Starter starter)
            throws Exception {
        this.name = name;
        this.scenario = scenario;
        this.services = services;
        this.starter = starter;
        String prefix = services.get("daybook.kafka.topic-prefix");
        String bootstrapServers = services.get("daybook.kafka.bootstrap-servers");
        // Names that no other subject has: all share one Redis.
        this.history = new History(prefix);
        this.topic = EventsInKafka.topic(prefix);
        EventsInKafka.declareTopic(bootstrapServers, topic);
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

    @Override
    public String name() {
        return name;
    }

    /** However long it takes: a round is a whole backlog. */
    @Override
    public Measured run(Duration duration) throws Exception {
        List<Future<RecordMetadata>> sent =
                history.next(scenario.events()).stream().map(this::publish).toList();
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
        Measured measured = Backlog.workOff(scenario.events(), () -> starter.start(services, applied));
        applied += measured.count();
        return measured;
    }

    private Future<RecordMetadata> publish(JournalEntry entry) {
        RecordedEvent event = entry.event();
        return producer.send(new StoredEvent(
                        event.ledger().value(),
                        event.sequence(),
                        event.id(),
                        entry.type(),
                        event.recordedAt(),
                        event.requestId(),
                        event.actor(),
                        event.hash(),
                        entry.data())
                .asMessage(topic));
    }

    @Override
    public void verify() {
        try (Store store = scenario.store().open(services)) {
            store.verify(applied);
        } catch (Exception e) {
            throw new AssertionError("what was applied cannot be read", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
