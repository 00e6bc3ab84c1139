package io.daybook.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What comes in is found in the audit, whatever came of it, and says nothing that it must not. */
@ExtendWith(SharedInstallation.class)
class RequestsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestInstallation daybook;
    private final String ledger = "requests-" + UUID.randomUUID();
    private final String token = "token-" + UUID.randomUUID();
    private final String secret = "secret-" + UUID.randomUUID();

    RequestsIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    private HttpResponse<String> send(String method, String path, String body, String... more) {
        String[] headers = new String[4 + more.length];
        headers[0] = "Authorization";
        headers[1] = "Bearer " + token;
        headers[2] = "Content-Type";
        headers[3] = "application/json";
        System.arraycopy(more, 0, headers, 4, more.length);
        return daybook.send(method, path, body, headers);
    }

    private JsonNode document(HttpResponse<String> answer) {
        String requestId = answer.headers().firstValue("X-Request-Id").orElseThrow();
        String search = "{\"query\":{\"term\":{\"http.request.id\":\"%s\"}}}".formatted(requestId);
        return await().atMost(PATIENCE)
                .until(
                        () -> JsonMapper.shared()
                                .readTree(daybook.sendTo(
                                                daybook.port("elasticsearch"),
                                                "POST",
                                                "/daybook-requests/_search",
                                                search)
                                        .body())
                                .at("/hits/hits/0/_source"),
                        found -> found.isObject());
    }

    private static void assertDocument(
            JsonNode document, String action, int status, String outcome, String route, String problem) {
        assertThat(document.at("/event/action").asString()).isEqualTo(action);
        assertThat(document.at("/event/outcome").asString()).isEqualTo(outcome);
        assertThat(document.at("/event/duration").asLong()).isPositive();
        assertThat(document.at("/http/response/status_code").asInt()).isEqualTo(status);
        assertThat(document.at("/http/route").asString(null)).isEqualTo(route);
        assertThat(document.at("/daybook/problem/code").asString(null)).isEqualTo(problem);
    }

    @Test
    void commands_and_queries_are_found_whether_they_were_accepted_or_refused() {
        String ofLedger = "/v1/ledgers/{ledger}";
        JsonNode opened = document(send("PUT", "/v1/ledgers/" + ledger, "{}"));
        assertDocument(opened, "command", 201, "success", ofLedger, null);
        assertThat(opened.at("/daybook/ledger").asString()).isEqualTo(ledger);
        assertThat(opened.at("/daybook/sequence").asLong()).isEqualTo(1);
        assertThat(opened.at("/user/id").asString()).startsWith("token:");

        JsonNode refused = document(send(
                "POST",
                "/v1/ledgers/" + ledger + "/transactions",
                "{\"reference\":\"%s\",\"postings\":[{\"source\":\"poor\",\"destination\":\"b\",\"asset\":\"EUR/2\",\"amount\":\"1\"}]}"
                        .formatted(secret)));
        assertDocument(refused, "command", 422, "failure", ofLedger + "/transactions", "insufficient-funds");

        JsonNode malformed = document(send("POST", "/v1/ledgers/" + ledger + "/holds", "{\"" + secret));
        assertDocument(malformed, "command", 400, "failure", ofLedger + "/holds", "malformed-request");

        JsonNode balance = document(send("GET", "/v1/ledgers/" + ledger + "/accounts/world?at=&x=" + secret, ""));
        assertDocument(balance, "query", 400, "failure", ofLedger + "/accounts/{account}", "invalid-field");
        assertThat(balance.at("/daybook/accounts/0").asString()).isEqualTo("world");

        assertDocument(document(send("GET", "/v1/projections", "")), "query", 200, "success", "/v1/projections", null);
        assertDocument(document(send("GET", "/" + secret, "")), "query", 404, "failure", null, "not-found");
        assertDocument(
                document(send("DELETE", "/v1/audit", "")),
                "command",
                405,
                "failure",
                "/v1/audit",
                "method-not-allowed");

        HttpResponse<String> async = send("PUT", "/v1/ledgers/" + ledger, "{}", "Prefer", "respond-async");
        JsonNode taken = document(async);
        assertDocument(taken, "command", 202, "success", ofLedger, null);
        assertThat(async.headers().firstValue("Location"))
                .hasValue("/v1/commands/" + taken.at("/daybook/command/id").asString());

        assertNothingSecretInKafka();
    }

    @Test
    void a_trace_ties_a_request_its_event_and_what_is_posted_from_it() {
        String waited = trace();
        String later = trace();
        send("PUT", "/v1/ledgers/" + ledger, "{}", "traceparent", "00-" + waited + "-b7ad6b7169203331-01");
        send(
                "PUT",
                "/v1/ledgers/" + ledger + "/accounts/alice",
                "{\"metadata\":{\"tier\":\"gold\"}}",
                "traceparent",
                "00-" + later + "-b7ad6b7169203331-00",
                "Prefer",
                "respond-async");
        HttpResponse<String> ofItsOwn =
                send("PUT", "/v1/ledgers/" + ledger + "/accounts/bob", "{\"metadata\":{\"a\":\"b\"}}");
        String begun =
                ofItsOwn.headers().firstValue("traceresponse").orElseThrow().substring(3, 35);

        assertThat(List.of(waited, later, begun))
                .allSatisfy(trace -> await().atMost(PATIENCE).untilAsserted(() -> assertThat(JsonMapper.shared()
                                .readTree(daybook.send("GET", "/v1/audit?q=%22" + trace + "%22", "")
                                        .body())
                                .path("data"))
                        .extracting(row -> row.path("kind").asString() + " "
                                + row.path("traceId").asString())
                        .containsExactlyInAnyOrder("event " + trace, "request " + trace)));
    }

    private static String trace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private void assertNothingSecretInKafka() {
        try (KafkaConsumer<byte[], byte[]> topic = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + daybook.port("kafka")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topic.partitionsFor("daybook.requests").stream()
                    .map(partition -> new TopicPartition("daybook.requests", partition.partition()))
                    .toList();
            topic.assign(partitions);
            topic.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = topic.endOffsets(partitions);
            long read = 0;
            while (partitions.stream().anyMatch(partition -> topic.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> message : topic.poll(Duration.ofMillis(200))) {
                    read++;
                    StringBuilder bytes = new StringBuilder(new String(message.value(), ISO_8859_1));
                    bytes.append(new String(message.key(), ISO_8859_1));
                    message.headers().forEach(header -> bytes.append(new String(header.value(), ISO_8859_1)));
                    assertThat(bytes.toString()).doesNotContain(token, secret);
                }
            }
            assertThat(read).isGreaterThanOrEqualTo(8);
        }
    }
}
