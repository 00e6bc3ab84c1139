package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.messages.RequestRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./daybook events} on what is really there. */
@ExtendWith(SharedInstallation.class)
class EventsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TRANSACTIONS = 20;

    /** More than are asked for at once. */
    private static final int LATE = 1_200;

    private final TestInstallation daybook;
    private final String ledger = "tail-" + UUID.randomUUID();

    EventsIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    private int post(String source) {
        return daybook.send(
                        "POST",
                        "/v1/ledgers/" + ledger + "/transactions",
                        "{\"postings\":[{\"source\":\"%s\",\"destination\":\"shop\",\"asset\":\"USD/2\",\"amount\":\"100\"}]}"
                                .formatted(source))
                .statusCode();
    }

    /** A request as a node gives it to Kafka when it has been answered, which may be long after it came in. */
    private RequestRecord request(Instant receivedAt) {
        return new RequestRecord(
                UUID.randomUUID().toString(),
                receivedAt,
                1_000,
                "GET",
                "/v1/ledgers/{ledger}/stream",
                200,
                null,
                UUID.randomUUID().toString(),
                "anonymous",
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                ledger,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                "elsewhere");
    }

    private void give(List<RequestRecord> requests) throws Exception {
        try (KafkaProducer<String, byte[]> kafka = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + daybook.port("kafka")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<? extends Future<?>> sent = requests.stream()
                    .map(request ->
                            kafka.send(new ProducerRecord<>("daybook.requests", request.id(), request.toJson())))
                    .toList();
            for (Future<?> each : sent) {
                each.get();
            }
        }
    }

    private static List<JsonNode> shown(TestInstallation.Running tail) {
        try {
            // The last line may be half written.
            String output = Files.readString(tail.output());
            return output.substring(0, output.lastIndexOf('\n') + 1)
                    .lines()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ids(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("id").asString()).toList();
    }

    @Test
    void tail_shows_everything_once_and_in_order_however_long_ago_it_was() throws Exception {
        daybook.send("PUT", "/v1/ledgers/" + ledger, "");
        await().atMost(SOON).until(() -> daybook.get("/v1/audit?kind=event&ledger=" + ledger)
                .at("/data/0")
                .isObject());
        TestInstallation.Running tail =
                daybook.start("events", "tail", "--kind", "all", "--ledger", ledger, "--format", "ndjson");
        try {
            await().atMost(SOON).until(() -> !shown(tail).isEmpty());
            // From here on everything that is recorded is behind what the audit has already.
            RequestRecord ahead = request(Instant.now().plus(Duration.ofHours(1)));
            give(List.of(ahead));
            await().atMost(SOON).until(() -> ids(shown(tail)).contains(ahead.id()));

            List<RequestRecord> late = IntStream.range(0, LATE)
                    .mapToObj(
                            i -> request(Instant.now().minus(Duration.ofDays(1)).plusMillis(i)))
                    .toList();
            give(late);
            for (int i = 0; i < TRANSACTIONS; i++) {
                assertThat(post("world")).isEqualTo(201);
            }

            // It is opened by one event and one request.
            int all = 1 + 1 + 1 + LATE + 2 * TRANSACTIONS;
            await().atMost(SOON).until(() -> shown(tail).size() >= all);
            List<JsonNode> shown = shown(tail);
            assertThat(ids(shown))
                    .hasSize(all)
                    .doesNotHaveDuplicates()
                    .containsAll(late.stream().map(RequestRecord::id).toList());
            assertThat(shown.stream()
                            .filter(row -> row.path("kind").asString().equals("event"))
                            .map(row -> row.path("sequence").asLong()))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 1 + TRANSACTIONS).boxed().toList());
        } finally {
            tail.process().destroy();
            assertThat(tail.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private List<JsonNode> search(String... filters) throws Exception {
        String[] command = new String[4 + filters.length];
        command[0] = "events";
        command[1] = "search";
        command[2] = "--format=ndjson";
        command[3] = "--ledger=" + ledger;
        System.arraycopy(filters, 0, command, 4, filters.length);
        return daybook.daybook(command)
                .successfully()
                .output()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    @Test
    void search_finds_by_status_code_caller_and_request() throws Exception {
        daybook.send("PUT", "/v1/ledgers/" + ledger, "", "X-Request-Id", "opened-" + ledger);
        assertThat(post("nobody")).isEqualTo(422);
        // Found by the word, and not meant.
        assertThat(daybook.send("GET", "/v1/ledgers/" + ledger + "/accounts/users:422", "")
                        .statusCode())
                .isEqualTo(404);
        await().atMost(SOON)
                .until(() ->
                        daybook.get("/v1/audit?ledger=" + ledger).path("data").size() == 4);

        assertThat(search("--status=422"))
                .singleElement()
                .satisfies(row -> assertThat(row.at("/data/problem").asString()).isEqualTo("insufficient-funds"));
        assertThat(search("--code=insufficient-funds")).hasSize(1);
        assertThat(search("--code=funds")).isEmpty();
        assertThat(search("--actor=anonymous", "--kind=all")).hasSize(4);
        assertThat(search("--actor=somebody", "--kind=all")).isEmpty();
        assertThat(search("--request=opened-" + ledger))
                .extracting(row -> row.path("kind").asString())
                .containsExactlyInAnyOrder("event", "request");
        assertThat(search("somewhere | nobody", "--request=opened-" + ledger)).isEmpty();
    }
}
