package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command side alone, over HTTP, on a real PostgreSQL and a real Kafka. */
class CommandSideTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TO_ALICE =
            "{\"source\":\"world\",\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":\"%d\"}";

    private CommandServer server;
    private JdbcTemplate journal;

    @BeforeEach
    void start() {
        server = CommandServer.with();
        journal = server.journal();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        return server.send(method, path, body, headers);
    }

    private static String posting(int amount) {
        return "{\"postings\":[" + TO_ALICE.formatted(amount) + "]}";
    }

    @Test
    void axon_uses_real_transactions_and_a_durable_token_store() {
        assertThat(server.bean(TransactionManager.class)).isInstanceOf(SpringTransactionManager.class);
        assertThat(server.bean(TokenStore.class)).isInstanceOf(JdbcTokenStore.class);
    }

    @Test
    void the_same_command_from_50_clients_at_once_makes_one_transaction_and_50_equal_answers() throws Exception {
        send("PUT", "/v1/ledgers/acme", "{}");
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        CountDownLatch together = new CountDownLatch(1);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(clients.submit(() -> {
                    together.await();
                    return send("POST", "/v1/ledgers/acme/transactions", posting(7), "Idempotency-Key", "pay-once");
                }));
            }
            together.countDown();
        }
        List<String> bodies = new ArrayList<>();
        int replayed = 0;
        for (Future<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(201);
            bodies.add(answer.get().body());
            replayed += answer.get().headers().firstValue("Idempotent-Replayed").isPresent() ? 1 : 0;
        }
        assertThat(bodies).hasSize(50).allMatch(bodies.getFirst()::equals);
        assertThat(replayed).isEqualTo(49);
        assertThat(server.events()).isEqualTo(2);
    }

    @Test
    void an_answer_leaves_in_one_piece_and_the_connection_is_kept_for_more_than_a_hundred() {
        for (int i = 0; i <= 100; i++) {
            HttpResponse<String> answer = send("PUT", "/v1/ledgers/acme", "{}");
            assertThat(answer.headers().firstValue("Content-Length"))
                    .hasValue(Integer.toString(answer.body().length()));
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(answer.headers().allValues("Connection")).doesNotContain("close");
        }
    }

    @Test
    void a_repeat_after_a_restart_gives_the_same_answer_and_the_books_go_on() {
        send("PUT", "/v1/ledgers/acme", "{}");
        String first = send("POST", "/v1/ledgers/acme/transactions", posting(7), "Idempotency-Key", "k")
                .body();
        server.stop();
        server.start();
        HttpResponse<String> repeat = send("POST", "/v1/ledgers/acme/transactions", posting(7), "Idempotency-Key", "k");
        assertThat(repeat.body()).isEqualTo(first);
        HttpResponse<String> spent = send(
                "POST",
                "/v1/ledgers/acme/transactions",
                "{\"postings\":[{\"source\":\"alice\",\"destination\":\"bob\",\"asset\":\"USD/2\",\"amount\":\"8\"}]}");
        assertThat(spent.statusCode()).isEqualTo(422);
        assertThat(spent.body()).contains("insufficient-funds").contains("\"available\":\"7\"");
        assertThat(spent.headers().firstValue("Ledger-Sequence")).hasValue("2");
    }

    @Test
    void a_key_with_another_body_an_id_with_other_content_and_a_reference_are_each_refused() {
        send("PUT", "/v1/ledgers/acme", "{}");
        String id = UUID.randomUUID().toString();
        String body = "{\"id\":\"%s\",\"reference\":\"r\",\"postings\":[%s]}";
        String path = "/v1/ledgers/acme/transactions";
        assertThat(send("POST", path, body.formatted(id, TO_ALICE.formatted(1)), "Idempotency-Key", "k")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("POST", path, posting(2), "Idempotency-Key", "k").body())
                .contains("idempotency-key-reused");
        assertThat(send("POST", path, body.formatted(id, TO_ALICE.formatted(2))).body())
                .contains("duplicate-id");
        assertThat(send("POST", path, body.formatted(UUID.randomUUID(), TO_ALICE.formatted(1)))
                        .body())
                .contains("duplicate-reference");
        assertThat(send("POST", path, body.formatted(id, TO_ALICE.formatted(1))).statusCode())
                .isEqualTo(201);
        assertThat(server.events()).isEqualTo(2);
    }

    @Test
    void a_second_writer_of_the_same_ledger_is_fenced_off_and_harmless() {
        send("PUT", "/v1/ledgers/acme", "{}");
        // As another process would have appended it: this one's memory of the ledger is now behind.
        Map<String, Object> opened = journal.queryForMap("select * from event where sequence = 1");
        journal.update("update journal_head set position = position + 1");
        journal.update(
                "insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash, chain)"
                        + " values (2, 'acme', 2, ?, 'daybook.transaction-posted.v1', now(), 'r', 'a', ?, ?, 2)",
                UUID.randomUUID(),
                ("{\"effectiveAt\":\"2026-01-01T00:00:00Z\",\"id\":\"" + UUID.randomUUID()
                                + "\",\"metadata\":{},\"postings\":[" + TO_ALICE.formatted(5) + "]}")
                        .getBytes(StandardCharsets.UTF_8),
                opened.get("hash"));

        HttpResponse<String> next = send("POST", "/v1/ledgers/acme/transactions", posting(1));
        assertThat(next.statusCode()).isEqualTo(201);
        assertThat(next.headers().firstValue("Ledger-Sequence")).hasValue("3");
    }

    @Test
    void the_journal_has_no_gaps_and_its_chain_can_be_computed_by_anyone() {
        send("PUT", "/v1/ledgers/acme", "{\"metadata\":{\"owner\":\"Zoë\"}}");
        send("PUT", "/v1/ledgers/beta", "{}");
        for (int i = 1; i <= 20; i++) {
            send("POST", "/v1/ledgers/acme/transactions", posting(i), "X-Request-Id", "request-" + i);
            send(
                    "POST",
                    "/v1/ledgers/beta/transactions",
                    "{\"reference\":\"r\",\"postings\":[" + TO_ALICE.formatted(i) + "]}");
        }
        assertThat(journal.queryForList("select position from event order by position", Long.class))
                .isEqualTo(
                        java.util.stream.LongStream.rangeClosed(1, 23).boxed().toList());
        byte[] previous = HashChain.genesis();
        for (Map<String, Object> row :
                journal.queryForList("select * from event where ledger = 'acme' order by sequence")) {
            previous = HashChain.next(
                    previous,
                    (int) row.get("chain"),
                    new LedgerId("acme"),
                    (long) row.get("sequence"),
                    (UUID) row.get("event_id"),
                    (String) row.get("type"),
                    ((java.sql.Timestamp) row.get("recorded_at")).toInstant(),
                    (String) row.get("request_id"),
                    (String) row.get("actor"),
                    (byte[]) row.get("data"));
            assertThat(HexFormat.of().formatHex(previous))
                    .isEqualTo(HexFormat.of().formatHex((byte[]) row.get("hash")));
        }
    }

    @Test
    void every_event_reaches_kafka_in_the_order_of_its_ledger() {
        int ledgers = 6;
        int transactions = 40;
        for (int i = 0; i < ledgers; i++) {
            send("PUT", "/v1/ledgers/ledger-" + i, "{}");
        }
        for (int i = 0; i < transactions; i++) {
            send("POST", "/v1/ledgers/ledger-" + i % ledgers + "/transactions", posting(i + 1));
        }
        Map<String, List<Long>> sequences = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                server.service("daybook.kafka.bootstrap-servers"),
                ConsumerConfig.GROUP_ID_CONFIG,
                UUID.randomUUID().toString(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class))) {
            consumer.subscribe(List.of(server.service("daybook.kafka.topic-prefix") + ".events"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> sequences
                        .computeIfAbsent(message.key(), key -> new ArrayList<>())
                        .add(sequence(message)));
                return sequences.values().stream().mapToInt(List::size).sum() >= ledgers + transactions;
            });
        }
        assertThat(sequences).hasSize(ledgers);
        sequences.forEach((ledger, published) -> assertThat(published)
                .isEqualTo(java.util.stream.LongStream.range(0, published.size())
                        .boxed()
                        .toList()));
    }

    /** As Axon counts, from 0. */
    private static long sequence(ConsumerRecord<String, String> message) {
        assertThat(header(message, "ce_source")).isEqualTo("/daybook");
        assertThat(header(message, "ce_hash")).hasSize(64);
        JsonNode data = JSON.readTree(message.value());
        assertThat(data.has("metadata")).isTrue();
        return Long.parseLong(header(message, "ce_axonmessageaggregateseq"));
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        var header = message.headers().lastHeader(name);
        assertThat(header).as("header %s of %s", name, message.headers()).isNotNull();
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
