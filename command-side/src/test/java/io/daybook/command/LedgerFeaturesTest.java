package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.stores.redis.OutcomeKeys;
import io.lettuce.core.RedisClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds, reversals, metadata and asynchronous commands over HTTP, each test on a ledger of its own. */
class LedgerFeaturesTest {

    private static CommandServer server;
    private String ledger;

    @BeforeAll
    static void start() {
        server = CommandServer.with();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void openLedger() {
        ledger = "/v1/ledgers/l-" + UUID.randomUUID();
        send("PUT", "", "{}");
        send("POST", "/transactions", posting("world", "alice", 100));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        return server.send(method, ledger + path, body, headers);
    }

    private JsonNode accepted(int status, String method, String path, String body, String... headers) {
        HttpResponse<String> answer = send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private void refused(int status, String code, String path, String body) {
        HttpResponse<String> answer = send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JsonMapper.shared().readTree(answer.body()).path("code").asString())
                .isEqualTo(code);
    }

    private static String posting(String source, String destination, int cents) {
        return "{\"postings\":[{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD/2\",\"amount\":%d}]}"
                .formatted(source, destination, cents);
    }

    private JsonNode place(String more) {
        return accepted(
                201,
                "POST",
                "/holds",
                "{\"source\":\"alice\",\"destination\":\"shop\",\"asset\":\"USD/2\",\"amount\":80" + more + "}");
    }

    /** What is available to alice, as a refusal tells it. */
    private long available() {
        HttpResponse<String> answer = send("POST", "/transactions", posting("alice", "bob", 1_000_000));
        return JsonMapper.shared().readTree(answer.body()).path("available").asLong();
    }

    @Test
    void a_hold_is_captured_in_steps_and_the_last_releases_the_rest() {
        JsonNode hold = place(",\"metadata\":{\"order\":\"7\"}");
        assertThat(hold.path("state").asString()).isEqualTo("open");
        assertThat(hold.path("amount").asString()).isEqualTo("80");
        assertThat(available()).isEqualTo(20);
        String path = "/holds/" + hold.path("id").asString();
        refused(422, "capture-exceeds-hold", path + "/capture", "{\"amount\":81}");

        JsonNode first = accepted(201, "POST", path + "/capture", "{\"amount\":30}");
        assertThat(first.at("/postings/0/destination").asString()).isEqualTo("shop");
        assertThat(first.at("/postings/0/amount").asString()).isEqualTo("30");
        assertThat(first.at("/metadata/order").asString()).isEqualTo("7");
        assertThat(available()).isEqualTo(20);
        JsonNode last =
                accepted(201, "POST", path + "/capture", "{\"amount\":10,\"destination\":\"courier\",\"final\":true}");
        assertThat(last.at("/postings/0/destination").asString()).isEqualTo("courier");
        assertThat(available()).isEqualTo(60);
        refused(409, "hold-not-open", path + "/capture", "{}");
        refused(409, "hold-not-open", path + "/void", "{}");
    }

    @Test
    void a_void_releases_all_and_its_repeat_changes_nothing() {
        String id = UUID.randomUUID().toString();
        place(",\"id\":\"" + id + "\"");
        HttpResponse<String> released = send("POST", "/holds/" + id + "/void", "{}", "Idempotency-Key", "v");
        HttpResponse<String> repeated = send("POST", "/holds/" + id + "/void", "{}", "Idempotency-Key", "v");
        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        assertThat(repeated.body()).isEqualTo(released.body());
        assertThat(repeated.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(available()).isEqualTo(100);
    }

    @Test
    void a_hold_expires_once_also_over_a_restart_and_cannot_be_captured_after() {
        JsonNode soon = place(",\"expiresAt\":\"" + Instant.now().plusMillis(700) + "\"");
        String path = "/holds/" + soon.path("id").asString();
        server.stop();
        server.start();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(available()).isEqualTo(100));
        refused(409, "hold-not-open", path + "/capture", "{}");
        assertThat(server.journal()
                        .queryForObject(
                                "select count(*) from event where ledger = ? and type like '%hold-released%'",
                                Integer.class, ledger.substring("/v1/ledgers/".length())))
                .isOne();
        assertThat(server.journal()
                        .queryForObject(
                                "select count(*) from hold_deadline where ledger = ?",
                                Integer.class,
                                ledger.substring("/v1/ledgers/".length())))
                .isZero();
    }

    @Test
    void a_transaction_is_reversed_once_and_not_if_it_would_overdraw() {
        JsonNode paid = accepted(201, "POST", "/transactions", posting("alice", "bob", 40));
        String path = "/transactions/" + paid.path("id").asString() + "/reversal";
        send("POST", "/transactions", posting("bob", "carol", 1));
        refused(422, "insufficient-funds", path, "{}");
        send("POST", "/transactions", posting("carol", "bob", 1));
        JsonNode reversal = accepted(201, "POST", path, "{\"metadata\":{\"why\":\"returned\"}}");
        assertThat(reversal.path("reverses").asString())
                .isEqualTo(paid.path("id").asString());
        assertThat(reversal.at("/postings/0/source").asString()).isEqualTo("bob");
        assertThat(available()).isEqualTo(100);
        refused(409, "already-reversed", path, "{}");
    }

    @Test
    void a_reversal_counts_from_when_it_is_said_to() {
        JsonNode paid = accepted(201, "POST", "/transactions", posting("alice", "bob", 40));
        String path = "/transactions/" + paid.path("id").asString() + "/reversal";
        refused(400, "invalid-field", path, "{\"effectiveAt\":\"yesterday\"}");
        refused(400, "invalid-field", path, "{\"effectiveAt\":\"10000-01-01T00:00:00Z\"}");
        String id = UUID.randomUUID().toString();
        String body = "{\"id\":\"" + id + "\",\"effectiveAt\":\"2020-02-03T06:05:06.123456+02:00\"}";
        JsonNode reversal = accepted(201, "POST", path, body);
        assertThat(reversal.path("effectiveAt").asString()).isEqualTo("2020-02-03T04:05:06.123456Z");
        assertThat(reversal.path("recordedAt").asString()).isGreaterThan("2025");
        assertThat(accepted(201, "POST", path, body)).as("a repeat").isEqualTo(reversal);
        assertThat(accepted(201, "POST", path, "{\"id\":\"" + id + "\"}")).isEqualTo(reversal);
        refused(409, "duplicate-id", path, "{\"id\":\"" + id + "\",\"effectiveAt\":\"2020-02-03T04:05:06Z\"}");
    }

    @Test
    void a_ledger_is_opened_again_with_what_it_has_or_not_at_all() {
        accepted(200, "PATCH", "/metadata", "{\"a\":\"b\"}");
        assertThat(accepted(200, "PUT", "", "{\"metadata\":{\"a\":\"b\"}}")
                        .at("/metadata/a")
                        .asString())
                .isEqualTo("b");
        accepted(200, "PUT", "", "{}");
        accepted(200, "PUT", "", "");
        for (String other : List.of("{}", "{\"a\":\"c\"}", "{\"a\":\"b\",\"c\":\"d\"}", "{\"c\":\"d\"}")) {
            HttpResponse<String> answer = send("PUT", "", "{\"metadata\":" + other + "}");
            assertThat(answer.statusCode()).as(other).isEqualTo(409);
            JsonNode problem = JsonMapper.shared().readTree(answer.body());
            assertThat(problem.path("code").asString()).isEqualTo("ledger-exists");
            assertThat(problem.path("detail").asString()).contains("other metadata", "PATCH " + ledger + "/metadata");
        }
        assertThat(send("PUT", "", "{\"region\":\"eu\",\"metadata\":{\"a\":\"b\"}}")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void metadata_is_merged_and_null_removes() {
        JsonNode paid = accepted(201, "POST", "/transactions", posting("alice", "bob", 40));
        String path = "/transactions/" + paid.path("id").asString() + "/metadata";
        assertThat(accepted(200, "PATCH", path, "{\"a\":\"1\",\"b\":\"2\"}")
                        .path("metadata")
                        .toString())
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(accepted(200, "PATCH", path, "{\"a\":null,\"c\":\"3\"}")
                        .path("metadata")
                        .toString())
                .isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
        assertThat(accepted(200, "PATCH", "/accounts/bob/metadata", "{\"kyc\":\"done\"}")
                        .at("/metadata/kyc")
                        .asString())
                .isEqualTo("done");
        int before = server.events();
        accepted(200, "PATCH", "/accounts/bob/metadata", "{\"kyc\":\"done\"}");
        assertThat(server.events()).as("nothing to change, nothing recorded").isEqualTo(before);
    }

    @Test
    void asynchronous_commands_are_handled_in_order_and_once_and_their_outcome_can_be_read() {
        List<String> locations = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            // Each needs what the one before has brought.
            String body = posting("step:" + (i - 1), "step:" + i, 5);
            HttpResponse<String> accepted = send(
                    "POST", "/transactions", i == 1 ? posting("alice", "step:1", 5) : body, PREFER, "respond-async");
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            locations.add(accepted.headers().firstValue("Location").orElseThrow());
        }
        HttpResponse<String> refused =
                send("POST", "/transactions", posting("alice", "bob", 1_000), PREFER, "respond-async");
        List<JsonNode> outcomes = locations.stream().map(this::outcome).toList();
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.path("status").asInt())
                        .as(outcome.toString())
                        .isEqualTo(201));
        assertThat(outcomes)
                .extracting(outcome -> outcome.at("/body/sequence").asLong())
                .isEqualTo(IntStream.rangeClosed(3, 22).mapToObj(Long::valueOf).toList());
        assertThat(outcome(refused.headers().firstValue("Location").orElseThrow())
                        .at("/body/code")
                        .asString())
                .isEqualTo("insufficient-funds");
    }

    @Test
    void an_asynchronous_command_repeated_with_its_key_has_one_effect() {
        String body = posting("alice", "bob", 5);
        String first = outcomeOf(send("POST", "/transactions", body, PREFER, "respond-async", "Idempotency-Key", "k"));
        String second = outcomeOf(send("POST", "/transactions", body, PREFER, "respond-async", "Idempotency-Key", "k"));
        HttpResponse<String> third = send("POST", "/transactions", body, "Idempotency-Key", "k");
        assertThat(second).isEqualTo(first);
        assertThat(JsonMapper.shared().readTree(third.body()).path("id").asString())
                .isEqualTo(first);
        assertThat(available()).isEqualTo(95);
    }

    private static final String PREFER = "Prefer";

    private String outcomeOf(HttpResponse<String> accepted) {
        return outcome(accepted.headers().firstValue("Location").orElseThrow())
                .at("/body/id")
                .asString();
    }

    /** As the query side reads it. */
    private JsonNode outcome(String location) {
        String key = OutcomeKeys.of(UUID.fromString(location.substring(location.lastIndexOf('/') + 1)));
        try (RedisClient client = RedisClient.create(server.service("daybook.redis.uri"));
                var redis = client.connect()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                String stored = redis.sync().get(key);
                return stored != null && stored.contains("\"done\"");
            });
            assertThat(redis.sync().ttl(key)).isBetween(86_000L, 86_400L);
            return JsonMapper.shared().readTree(redis.sync().get(key));
        }
    }
}
