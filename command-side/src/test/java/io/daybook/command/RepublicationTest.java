package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.LedgerEventJson;
import io.daybook.messages.Topics;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The topic is filled again from the journal, and nothing that only Kafka has is deleted by the way. */
class RepublicationTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String POSTING =
            "{\"postings\":[{\"source\":\"world\",\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}";

    private CommandServer server;
    private String topic;

    @BeforeEach
    void start() {
        server = CommandServer.with();
        topic = server.service("daybook.kafka.topic-prefix") + ".events";
        server.send("PUT", "/v1/ledgers/acme", "{}");
        for (int i = 0; i < 4; i++) {
            server.send("POST", "/v1/ledgers/acme/transactions", POSTING);
        }
        awaitPublished(1, 2, 3, 4, 5);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void awaitPublished(long... sequences) {
        await().atMost(SOON).untilAsserted(() -> assertThat(published()).containsExactly(boxed(sequences)));
    }

    private static Long[] boxed(long... sequences) {
        return Arrays.stream(sequences).boxed().toArray(Long[]::new);
    }

    /** The sequences of all events that the topic has, in its order; there is one ledger. */
    private List<Long> published() {
        List<Long> sequences = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(message ->
                                sequences.add(EventMessages.event(message).sequence()));
            }
        }
        return sequences;
    }

    private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private String kafka() {
        return server.service("daybook.kafka.bootstrap-servers");
    }

    private void ask(boolean force) {
        server.journal().update("delete from republication");
        server.journal().update("insert into republication (force) values (?)", force);
    }

    private void awaitState(String state) {
        await().atMost(SOON)
                .until(
                        () -> server.journal().queryForObject("select state from republication", String.class),
                        state::equals);
    }

    @Test
    void an_event_that_only_kafka_has_is_not_deleted_unless_that_is_forced() throws Exception {
        StoredEvent onlyInKafka = new StoredEvent(
                "acme",
                new Envelope(
                        6,
                        UUID.randomUUID(),
                        Instant.EPOCH,
                        "request",
                        "actor",
                        HashChain.FIRST_VERSION,
                        "ab".repeat(32)),
                "daybook.ledger-opened.v1",
                null,
                LedgerEventJson.write(new LedgerOpened(null, Map.of())));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(EventMessages.message(onlyInKafka, topic)).get();
        }

        ask(false);

        awaitState("failed");
        assertThat(server.journal().queryForObject("select detail from republication", String.class))
                .contains("Kafka has event 6 of ledger acme", "./daybook verify", "--force");
        awaitPublished(1, 2, 3, 4, 5, 6);

        ask(true);

        awaitState("done");
        awaitPublished(1, 2, 3, 4, 5);
    }

    @Test
    void it_goes_on_where_it_was_when_the_process_was_killed() throws Exception {
        server.stop();
        try (Admin admin = Topics.admin(kafka())) {
            admin.deleteRecords(
                            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                                    .collect(Collectors.toMap(
                                            partition -> new TopicPartition(topic, partition.partition()),
                                            partition -> RecordsToDelete.beforeOffset(-1))))
                    .all()
                    .get();
        }
        server.start();
        assertThat(published()).isEmpty();

        // As one leaves it that was killed after two events.
        server.journal().update("insert into republication (state, position, last) values ('running', 2, 5)");

        awaitState("done");
        awaitPublished(3, 4, 5);
        server.send("POST", "/v1/ledgers/acme/transactions", POSTING);
        awaitPublished(3, 4, 5, 6);
    }

    private static final String REPUBLICATIONS = "/v1/operations/republications";

    private JsonNode answer(int status, String method, String path, String body) {
        HttpResponse<String> answer = server.send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Where it is found. */
    private String begin(String body) {
        HttpResponse<String> answer = server.send("POST", REPUBLICATIONS, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private void assertProblem(int status, String code, String method, String path, String body) {
        assertThat(answer(status, method, path, body).path("code").asString()).isEqualTo(code);
    }

    private static String ask(String action) {
        return "{\"action\":\"" + action + "\"}";
    }

    @Test
    void operators_ask_for_it_by_http_and_are_told_how_far_it_is() throws Exception {
        assertThat(answer(200, "GET", REPUBLICATIONS, "").path("data")).isEmpty();
        assertProblem(404, "ledger-not-found", "POST", REPUBLICATIONS, "{\"ledger\":\"nobody\"}");
        assertProblem(400, "invalid-field", "POST", REPUBLICATIONS, "{\"wanted\":true}");
        try (Connection held = server.bean(DataSource.class).getConnection()) {
            held.setAutoCommit(false);
            // Whoever wants the publication's token waits, and so nobody begins.
            held.createStatement().execute("select from token_entry for update");
            String location = begin("{\"ledger\":\"acme\"}");
            assertThat(answer(200, "GET", location, "").path("state").asString())
                    .isEqualTo("requested");
            JsonNode refusal = answer(409, "POST", REPUBLICATIONS, "{}");
            assertThat(refusal.path("code").asString()).isEqualTo("operation-in-progress");
            assertThat(location).endsWith(refusal.path("republication").asString());

            assertThat(answer(200, "PATCH", location, ask("pause"))
                            .path("state")
                            .asString())
                    .isEqualTo("paused");
            assertProblem(409, "operation-in-progress", "POST", REPUBLICATIONS, "{}");
            assertThat(answer(200, "PATCH", location, ask("resume"))
                            .path("state")
                            .asString())
                    .isEqualTo("requested");
            assertThat(answer(200, "PATCH", location, ask("discard"))
                            .path("state")
                            .asString())
                    .isEqualTo("discarded");
            assertProblem(409, "action-not-possible", "PATCH", location, ask("resume"));
            assertProblem(400, "invalid-field", "PATCH", location, ask("begin"));
            held.rollback();
        }

        String location = begin("{}");

        awaitState("done");
        JsonNode done = answer(200, "GET", location, "");
        assertThat(done.path("events").asLong()).isEqualTo(5);
        assertThat(done.path("behind").asLong()).isZero();
        assertThat(answer(200, "GET", REPUBLICATIONS, "").at("/data/0")).isEqualTo(done);
        assertProblem(409, "action-not-possible", "PATCH", location, ask("rollback"));
        String unknown = REPUBLICATIONS + "/" + UUID.randomUUID();
        assertProblem(404, "republication-not-found", "GET", unknown, "");
        assertProblem(404, "republication-not-found", "PATCH", unknown, ask("pause"));
        awaitPublished(1, 2, 3, 4, 5);
    }

    @Test
    void while_one_is_paused_that_has_begun_nothing_is_published() {
        // As one leaves it that was paused after two events.
        server.journal().update("insert into republication (state, position, last) values ('paused', 2, 5)");
        String location = REPUBLICATIONS + "/"
                + answer(200, "GET", REPUBLICATIONS, "").at("/data/0/id").asString();
        // It takes a look to stop the publication.
        await().atMost(SOON).until(() -> server.journal()
                .queryForList("select owner from token_entry where owner is not null", String.class)
                .isEmpty());

        server.send("POST", "/v1/ledgers/acme/transactions", POSTING);
        assertProblem(409, "action-not-possible", "PATCH", location, ask("discard"));
        assertThat(published()).containsExactly(1L, 2L, 3L, 4L, 5L);
        answer(200, "PATCH", location, ask("resume"));

        awaitState("done");
        awaitPublished(1, 2, 3, 4, 5, 3, 4, 5, 6);
    }
}
