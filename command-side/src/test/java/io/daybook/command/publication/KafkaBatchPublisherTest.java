package io.daybook.command.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.messages.LedgerEventJson;
import io.daybook.services.KafkaServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a Kafka of its own, which is killed now and then. */
class KafkaBatchPublisherTest {

    private static final int LEDGERS = 24;
    private static final Posting POSTING =
            new Posting(new AccountAddress("world"), new AccountAddress("alice"), new Asset("USD/2"), Amount.of(1));

    @TempDir
    static Path directory;

    private static KafkaServer kafka;

    private final String topic = EventsInKafka.topic("t" + UUID.randomUUID());

    /** What the tests have made of each ledger. */
    private final Map<String, Long> made = new TreeMap<>();

    @BeforeAll
    static void startKafka() {
        kafka = KafkaServer.start(directory);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void a_topic_that_was_just_declared_has_the_events_in_their_order() throws Exception {
        // Its partitions' leaders are known a little before they take records: of these topics every other one has a
        // gap
        // if a second request may be in flight.
        for (int round = 0; round < 15; round++) {
            String fresh = EventsInKafka.topic("t" + UUID.randomUUID());
            made.clear();
            new EventsTopic(kafka.bootstrapServers(), fresh, 12, 1).declare();
            try (KafkaBatchPublisher publisher = publisher(fresh, Map.of())) {
                assertThat(publishes(publisher, transactions(2_000))).isTrue();
            }
            try (PublishedTopic published = new PublishedTopic(kafka.bootstrapServers(), fresh)) {
                assertThat(published.read()).isEqualTo(made);
            }
        }
    }

    /** A producer gives up a batch of records after a time, and by default goes on with the next one. */
    @Test
    void a_kafka_that_is_killed_and_comes_back_has_the_events_in_their_order_although_batches_failed()
            throws Exception {
        new EventsTopic(kafka.bootstrapServers(), topic, 12, 1).declare();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> failures;
        try (KafkaBatchPublisher publisher = publisher(
                topic,
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 500,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 500,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 1_000))) {
            failures = CompletableFuture.supplyAsync(() -> publishUntil(enough, publisher));
            for (int kill = 0; kill < 2; kill++) {
                awaitMore();
                kafka = killedAndStartedAgain(kafka);
            }
            awaitMore();
            enough.set(true);
            assertThat(failures.get()).isPositive();
        }
        try (PublishedTopic published = new PublishedTopic(kafka.bootstrapServers(), topic)) {
            assertThat(published.read()).isEqualTo(made);
        }
    }

    /** Once refused by the producer before it is sent, once by the broker. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, EventsInKafka.MAX_MESSAGE_BYTES})
    void nothing_comes_after_an_event_that_kafka_does_not_take(int maxRequestBytes) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)
                            .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000"))))
                    .all()
                    .get();
        }
        List<EventMessage<?>> events = List.of(
                event("acme", 0, transaction(1, Map.of())),
                event("acme", 1, transaction(1, Map.of())),
                event("acme", 2, transaction(1, Map.of("note", "x".repeat(20_000)))),
                event("acme", 3, transaction(1, Map.of())));
        try (KafkaBatchPublisher publisher = publisher(
                topic,
                Map.of(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        maxRequestBytes,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        1))) { // bytes: each event in a request of its own
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThat(publishes(publisher, events)).isFalse();
            }
            assertThat(publishes(publisher, events.subList(0, 2))).isTrue();
        }
        try (PublishedTopic published = new PublishedTopic(kafka.bootstrapServers(), topic)) {
            assertThat(published.read()).isEqualTo(Map.of("acme", 2L));
        }
    }

    @Test
    void the_largest_event_that_the_api_takes_is_published() throws Exception {
        new EventsTopic(kafka.bootstrapServers(), topic, 12, 1).declare();
        Map<String, String> metadata = new HashMap<>();
        for (int i = 100; i < 200; i++) {
            metadata.put(i + "\u0001".repeat(252), "\u0001".repeat(4_096));
        }
        try (KafkaBatchPublisher publisher = publisher(topic, Map.of())) {
            assertThat(publishes(publisher, List.of(event("acme", 0, transaction(1_000, metadata)))))
                    .isTrue();
        }
    }

    private static KafkaBatchPublisher publisher(String topic, Map<String, Object> configuration) {
        Map<String, Object> complete = new HashMap<>(configuration);
        complete.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        return new KafkaBatchPublisher(() -> new OrderedProducer(complete, new SimpleMeterRegistry()), topic);
    }

    /** As the processor does: events in batches, and a batch that fails again. */
    private int publishUntil(AtomicBoolean enough, KafkaBatchPublisher publisher) {
        int failures = 0;
        while (!enough.get()) {
            List<EventMessage<?>> batch = transactions(500);
            while (!publishes(publisher, batch)) {
                failures++;
            }
        }
        return failures;
    }

    private static boolean publishes(KafkaBatchPublisher publisher, List<EventMessage<?>> batch) {
        var unit = new BatchingUnitOfWork<>(batch);
        return !unit.executeWithResult(() -> {
                    publisher.handle(unit.getMessage(), Segment.ROOT_SEGMENT);
                    return null;
                })
                .isExceptional();
    }

    private static KafkaServer killedAndStartedAgain(KafkaServer killed) {
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        killed.close();
        KafkaServer restarted = KafkaServer.start(directory);
        assertThat(restarted.bootstrapServers()).isEqualTo(killed.bootstrapServers());
        return restarted;
    }

    /** Waits until there is more in the topic than now: publication is at work. */
    private void awaitMore() {
        try (PublishedTopic published = new PublishedTopic(kafka.bootstrapServers(), topic)) {
            long before = published.size();
            await().atMost(Duration.ofSeconds(20)).until(() -> published.size() > before);
        }
    }

    private List<EventMessage<?>> transactions(int count) {
        List<EventMessage<?>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String ledger = "ledger-" + i % LEDGERS;
            long sequence = made.merge(ledger, 1L, Long::sum) - 1;
            events.add(event(ledger, sequence, transaction(1, Map.of("note", "x".repeat(300)))));
        }
        return events;
    }

    private static TransactionPosted transaction(int postings, Map<String, String> metadata) {
        return new TransactionPosted(
                UUID.randomUUID(), null, Collections.nCopies(postings, POSTING), Instant.EPOCH, metadata);
    }

    private static EventMessage<?> event(String ledger, long sequence, TransactionPosted transaction) {
        return new GenericEventMessage<>(new StoredEvent(
                ledger,
                new Envelope(
                        sequence + 1,
                        UUID.randomUUID(),
                        Instant.now(),
                        "request",
                        "tester",
                        HashChain.FIRST_VERSION,
                        "00".repeat(32)),
                EventType.of(transaction).eventName(),
                null,
                LedgerEventJson.write(transaction)));
    }
}
