package io.daybook.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.acceptance.TestInstallation.Ran;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.LedgerEventJson;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** History is edited in real stores, and each edit is found. */
class ProofIT {

    private static final int TRANSACTIONS = 6;
    private static final int PARTITIONS = 12;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static int ledgers;

    @TempDir
    private static Path folder;

    /** Its own: what is edited here must not be met by others. */
    private static TestInstallation daybook;

    private final String ledger = "proved-" + ++ledgers;

    @BeforeAll
    static void start() throws Exception {
        daybook = new TestInstallation(folder.resolve("data"));
        daybook.up().successfully();
    }

    @AfterAll
    static void stop() {
        daybook.close();
    }

    @BeforeEach
    void history() {
        daybook.damages(ledger);
        daybook.send("PUT", "/v1/ledgers/" + ledger, "{}");
        for (int i = 0; i < TRANSACTIONS; i++) {
            daybook.send("POST", "/v1/ledgers/" + ledger + "/transactions", """
                    {"postings": [{"source": "world", "destination": "a", "asset": "USD/2", "amount": 1}],
                     "metadata": {"note": "\\u00fc \\" \\\\ \\u2028 \\u001b\\t\\u007f", "\\ufb33": "", "\\ud83d\\ude00": "\\uffff"}}
                    """);
        }
        awaitEvents(TRANSACTIONS + 1);
    }

    private void awaitEvents(int events) {
        await().atMost(SOON).until(() -> daybook.get("/v1/projections?ledger=" + ledger)
                .path("data")
                .valueStream()
                .allMatch(projection -> projection.path("sequence").asLong(0) == events));
    }

    /** One event more. */
    private void change() {
        daybook.send("PATCH", "/v1/ledgers/" + ledger + "/metadata", "{\"note\": \"later\"}");
    }

    private Ran verify(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("verify", "--ledger", ledger));
        command.addAll(List.of(more));
        return daybook.daybook(command.toArray(String[]::new));
    }

    private void edit(String part, String... statements) throws Exception {
        try (Connection connection = daybook.postgres(part);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                assertThat(statement.executeUpdate(each.replace("LEDGER", "'" + ledger + "'")))
                        .as(each)
                        .isPositive();
            }
        }
    }

    private void assertFound(Ran verified, String finding) {
        assertThat(verified.status()).as(verified.output()).isEqualTo(1);
        assertThat(verified.output()).contains("WRONG  ledger " + ledger + ": " + finding);
    }

    /** A copy claims what it has a moment after it has it. */
    private void assertFoundSoon(String copy, String finding) {
        await().atMost(SOON).untilAsserted(() -> assertFound(verify("--against", copy), finding));
    }

    @Test
    void what_nobody_has_edited_is_proved() throws Exception {
        assertThat(verify().successfully().output()).contains("7 events of 1 ledgers verified: nothing is wrong.");
    }

    /** By an implementation of RFC 8785 that is not ours, from what the export has. */
    @Test
    void anybody_can_compute_the_chain_from_an_export() throws Exception {
        Path export = folder.resolve(ledger + ".ndjson");
        daybook.daybook("export", "--format", "ndjson", "--ledger", ledger, "--output", export.toString())
                .successfully();

        byte[] previous = new byte[32];
        for (String line : Files.readAllLines(export)) {
            ObjectNode event = (ObjectNode) JsonMapper.shared().readTree(line);
            String hash = event.remove("hash").asString();
            event.remove("effectiveAt");
            assertThat(event.path("chain").asInt()).isEqualTo(2);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            previous = digest.digest(new JsonCanonicalizer(event.toString()).getEncodedUTF8());
            assertThat(HexFormat.of().formatHex(previous)).as(line).isEqualTo(hash);
        }
        assertThat(previous).isNotEqualTo(new byte[32]);
    }

    @Test
    void a_version_of_the_chain_that_was_changed_is_found() throws Exception {
        String change = "event set chain = 1 where ledger = LEDGER and sequence = 3";
        String finding =
                "event 3 in %s is not one that can be there: it is of version 1 of the chain after one of version 2";
        edit("books", "update books." + change);
        assertFound(verify("--against", "books"), finding.formatted("the books"));

        edit("event-store", "update " + change);

        assertFound(verify("--against", "kafka"), finding.formatted("the event store"));
    }

    @Test
    void a_changed_byte_is_found() throws Exception {
        edit(
                "event-store",
                "update event set data = convert_to(replace(convert_from(data, 'UTF8'), '\"amount\":\"1\"', '\"amount\":\"9\"'),"
                        + " 'UTF8') where ledger = LEDGER and sequence = 3");

        assertFound(verify(), "event 3 in the event store is not the one that was recorded");
    }

    @Test
    void a_deleted_row_is_found() throws Exception {
        edit("event-store", "delete from event where ledger = LEDGER and sequence = 4");

        assertFound(verify(), "event 4 is missing in the event store; the next there is 5");
    }

    @Test
    void a_swapped_pair_is_found() throws Exception {
        edit(
                "event-store",
                "update event set sequence = 100 where ledger = LEDGER and sequence = 3",
                "update event set sequence = 3 where ledger = LEDGER and sequence = 4",
                "update event set sequence = 4 where ledger = LEDGER and sequence = 100");

        assertFound(verify(), "event 3 in the event store is not the one that was recorded");
    }

    @Test
    void a_truncated_tail_is_found_by_the_books_and_by_a_checkpoint() throws Exception {
        Path checkpoint = folder.resolve("checkpoint");
        Path key = folder.resolve("key");
        daybook.daybook("checkpoint", "--ledger", ledger, "--key", key.toString(), "--out", checkpoint.toString())
                .successfully();
        edit("event-store", "delete from event where ledger = LEDGER and sequence = 7");
        assertFound(verify("--against", "books"), "it has 7 events in the books, and 6 in the event store");
        assertFound(verify("--against", "kafka"), "it has 7 events in Kafka, and 6 in the event store");
        assertFound(verify("--against", "audit"), "it has 7 events in the audit, and 6 in the event store");

        edit("books", "delete from books.event where ledger = LEDGER and sequence = 7");

        assertFound(
                verify("--against", "books"), "it has 6 events in the books, where it is said to have come to event 7");
        assertThat(daybook.daybook("verify", "--against", "books").output())
                .contains("WRONG  the journal in the event store ends at position ");

        edit("books", "update books.ledger set sequence = 6 where ledger = LEDGER");

        assertThat(verify("--against", "books").successfully().output()).contains("nothing is wrong");
        assertFound(
                verify("--against", "books", "--checkpoint", checkpoint.toString(), "--public-key", key + ".pub"),
                "it has 7 events at the checkpoint, and 6 in the event store");
        Files.writeString(checkpoint, Files.readString(checkpoint).replace(ledger + " 7", ledger + " 6"));
        assertThat(verify("--against", "books", "--checkpoint", checkpoint.toString(), "--public-key", key + ".pub")
                        .errors())
                .contains("was changed since it was signed");
    }

    @Test
    void an_edit_of_the_books_is_found() throws Exception {
        edit("books", "update books.event set actor = 'somebody else' where ledger = LEDGER and sequence = 2");

        assertFound(verify(), "event 2 in the books is not the one that was recorded");
    }

    @Test
    void an_event_that_the_books_have_lost_is_found() throws Exception {
        edit("books", "delete from books.event where ledger = LEDGER and sequence = 5");

        assertFound(verify(), "event 5 is missing in the books");
    }

    @Test
    void events_that_the_books_have_lost_at_their_end_are_found() throws Exception {
        edit("books", "delete from books.event where ledger = LEDGER and sequence >= 6");

        assertFound(verify(), "it has 5 events in the books, where it is said to have come to event 7");

        edit("books", "update books.ledger set sequence = 5 where ledger = LEDGER");

        assertFound(verify(), "events 6 to 7 are missing in the books, and the projection has come further than that");
    }

    @Test
    void a_ledger_that_the_books_have_lost_is_found_whatever_is_said_after_it_in_kafka() throws Exception {
        edit(
                "books",
                "delete from books.event where ledger = LEDGER",
                "delete from books.ledger where ledger = LEDGER");
        send(new ProducerRecord<>(EventsInKafka.topic("daybook"), ledger, "no event".getBytes(UTF_8)));

        assertFoundSoon(
                "books", "events 1 to 7 are missing in the books, and the projection has come further than that");
    }

    @Test
    void an_event_that_the_audit_has_lost_at_its_end_is_found_unless_it_waits() throws Exception {
        deleteFromAudit(7);

        assertFoundSoon("audit", "event 7 is missing in the audit, and the projection has come further than that");

        edit(
                "books",
                "insert into projections.parked (projection, generation, ledger, sequence, last, reason)"
                        + " values ('audit', 1, LEDGER, 7, 7, 'for this test')");

        assertThat(verify("--against", "audit").successfully().output())
                .contains("1 of them were not in the audit yet");
    }

    @Test
    void a_ledger_that_the_audit_has_lost_is_found() throws Exception {
        deleteFromAudit(1);

        assertFoundSoon(
                "audit", "events 1 to 7 are missing in the audit, and the projection has come further than that");
    }

    @Test
    void what_kafka_has_lost_is_found() throws Exception {
        TopicPartition partition = new TopicPartition(
                EventsInKafka.topic("daybook"), EventsInKafka.partition(new LedgerId(ledger), PARTITIONS));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka()))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }

        assertFoundSoon("kafka", "events 1 to 7 are missing in Kafka, and the publication has come further than that");
    }

    @Test
    void what_has_not_come_yet_is_told_and_not_wrong() throws Exception {
        try (Connection connection = daybook.postgres("books");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Who posts a batch shares these rows.
            statement.execute("select from projections.generation for update");
            change();

            assertThat(verify("--against", "books,audit").successfully().output())
                    .contains("8 events of 1 ledgers verified: nothing is wrong.")
                    .contains("1 of them were not in the books yet")
                    .contains("1 of them were not in the audit yet");
        }
    }

    @Test
    void an_edit_of_the_audit_is_found() throws Exception {
        JsonNode hit = document(3);
        replace(hit, hit.path("_source").toString().replace("\"amount\":\"1\"", "\"amount\":\"9\""));

        assertFound(verify(), "event 3 in the audit is not the one that was recorded");
    }

    @Test
    void a_damaged_document_of_the_audit_is_found_and_nothing_else_is_passed_over() throws Exception {
        JsonNode hit = document(3);
        String id = hit.path("_id").asString();
        replace(hit, hit.path("_source").toString().replace("\"sequence\":3", "\"sequence\":33"));
        JsonNode other = document(5);
        replace(other, other.path("_source").toString().replaceFirst("\"@timestamp\":\"[^\"]+\",", ""));

        Ran verified = verify();

        assertFound(
                verified, "document " + id + " in index " + hit.path("_index").asString());
        assertFound(verified, "document " + other.path("_id").asString() + " in index ");
        assertFound(verified, "event 3 is missing in the audit; the next there is 4");
    }

    @Test
    void a_strange_message_in_kafka_is_found_and_nothing_after_it_is_passed_over() throws Exception {
        String topic = EventsInKafka.topic("daybook");
        send(new ProducerRecord<>(topic, ledger, "no event".getBytes(UTF_8)));
        change();
        awaitEvents(TRANSACTIONS + 2);
        edit("event-store", "delete from event where ledger = LEDGER and sequence = 8");

        Ran verified = verify("--against", "kafka");

        assertThat(verified.output())
                .containsPattern("WRONG  ledger " + ledger + ": message \\d+ in partition \\d+ of " + topic
                        + " is not an event of a ledger: it has no header ");
        assertFound(verified, "it has 8 events in Kafka, and 7 in the event store");
    }

    @Test
    void what_is_kept_beside_events_to_find_them_by_is_compared_with_them() throws Exception {
        edit(
                "event-store",
                "update event set reference = 'forged' where ledger = LEDGER and sequence = 3",
                "update event set subject_id = event_id where ledger = LEDGER and sequence = 4",
                "update event set entity_id = event_id where ledger = LEDGER and sequence = 5",
                "update event set position = 1 where ledger = LEDGER and sequence = 6");

        Ran verified = verify("--against", "books");

        assertFound(verified, "event 3 in the event store is found by reference 'forged', and its data say none");
        assertFound(verified, "event 4 in the event store is found by earlier transaction '");
        assertFound(verified, "event 5 in the event store is found by transaction or hold '");
        assertFound(verified, "event 6 in the event store has the position 1 in the journal");
    }

    @Test
    void what_somebody_adds_in_kafka_is_found() throws Exception {
        LedgerId forged = new LedgerId("forged");
        daybook.damages(forged.value());
        UUID id = UUID.randomUUID();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        byte[] data = LedgerEventJson.write(new LedgerEvent.LedgerOpened(null, Map.of()));
        String type = EventType.LEDGER_OPENED.eventName();
        byte[] hash = HashChain.next(HashChain.genesis(), 1, forged, 1, id, type, now, "request", "somebody", data);
        StoredEvent event = new StoredEvent(
                forged.value(),
                new Envelope(
                        1,
                        id,
                        now,
                        "request",
                        "somebody",
                        HashChain.FIRST_VERSION,
                        HexFormat.of().formatHex(hash)),
                type,
                null,
                data);
        send(EventMessages.message(event, EventsInKafka.topic("daybook")));

        Ran verified = daybook.daybook("verify", "--ledger", forged.value(), "--against", "kafka");

        assertThat(verified.output())
                .contains("WRONG  ledger forged: it has 1 events in Kafka, and 0 in the event store");
    }

    @Test
    void a_ledger_that_is_nowhere_is_neither_right_nor_signed() throws Exception {
        for (String command : List.of("verify", "checkpoint")) {
            assertThat(daybook.daybook(command, "--ledger", "nobody"))
                    .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                    .satisfies(ran -> assertThat(ran.output()).isEmpty())
                    .satisfies(ran -> assertThat(ran.errors()).contains("There is no ledger 'nobody'."));
        }
    }

    @Test
    void an_export_is_verified_with_nothing_but_a_checkpoint_and_the_public_key() throws Exception {
        Path export = folder.resolve(ledger + ".ndjson");
        Path checkpoint = folder.resolve(ledger + ".checkpoint");
        Path key = folder.resolve(ledger + ".key");
        daybook.daybook("export", "--format", "ndjson", "--ledger", ledger, "--output", export.toString())
                .successfully();
        daybook.daybook("checkpoint", "--ledger", ledger, "--key", key.toString(), "--output", checkpoint.toString())
                .successfully();
        Path nowhere = folder.resolve("nowhere/checkpoint");
        assertThat(daybook.daybook(
                        "checkpoint", "--ledger", ledger, "--key", key.toString(), "--output", nowhere.toString()))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.errors()).contains("The checkpoint cannot be written to "));
        assertThat(daybook.daybook("verify", "--export", export.toString())
                        .successfully()
                        .output())
                .contains("ledger " + ledger + ": not signed, events 1 to 7 are chained only");
        String[] command = {
            "verify", "--export", export.toString(), "--checkpoint", checkpoint.toString(), "--public-key", key + ".pub"
        };
        assertThat(daybook.daybook(command).successfully().output())
                .contains("7 events of 1 ledgers verified: nothing is wrong.");
        String history = Files.readString(export);

        Files.writeString(export, history.replaceFirst("\"amount\":\"1\"", "\"amount\":\"9\""));
        assertFound(daybook.daybook(command), "event 2 in the export is not the one that was recorded");

        Files.writeString(export, history.lines().limit(5).collect(Collectors.joining("\n")));
        assertFound(daybook.daybook(command), "it has 7 events at the checkpoint, and 5 in the export");
    }

    /** What a key was used for is known, and told, also where a history was taken to. */
    @Test
    void what_keys_were_used_for_is_counted_exported_and_imported() throws Exception {
        String path = "/v1/ledgers/" + ledger + "/metadata";
        HttpResponse<String> changed = keyed(daybook, "changes", path, "{\"note\": \"v\"}");
        HttpResponse<String> unchanged = keyed(daybook, "changes nothing", path, "{\"note\": \"v\"}");
        daybook.send("PATCH", path, "{\"note\": \"w\"}");
        awaitEvents(TRANSACTIONS + 3);
        assertThat(verify().successfully().output())
                .contains("9 events of 1 ledgers verified: nothing is wrong.")
                .contains("1 commands that changed nothing are remembered beside them.");
        Path export = folder.resolve(ledger + ".ndjson");
        daybook.daybook("export", "--format", "ndjson", "--ledger", ledger, "--output", export.toString())
                .successfully();
        assertThat(daybook.daybook("verify", "--export", export.toString())
                        .successfully()
                        .output())
                .contains("9 events of 1 ledgers verified", "1 commands that changed nothing are remembered");

        try (TestInstallation fresh = new TestInstallation(folder.resolve("fresh"))) {
            fresh.up().successfully();
            assertThat(fresh.daybook("import", "ndjson", export.toString(), "--ledger", ledger)
                            .successfully()
                            .output())
                    .contains("9 events are in ledger " + ledger + ", 9 of them new")
                    .contains("1 commands that changed nothing are remembered with them");
            for (HttpResponse<String> before : List.of(changed, unchanged)) {
                String key = before == changed ? "changes" : "changes nothing";
                HttpResponse<String> repeat = keyed(fresh, key, path, "{\"note\": \"v\"}");
                assertThat(repeat.statusCode()).as(repeat.body()).isEqualTo(200);
                assertThat(repeat.body()).isEqualTo(before.body());
                assertThat(repeat.headers().firstValue("Idempotent-Replayed")).hasValue("true");
                assertThat(keyed(fresh, key, path, "{\"note\": \"x\"}").body()).contains("idempotency-key-reused");
            }
            assertThat(fresh.daybook("verify").successfully().output())
                    .contains("9 events of 1 ledgers verified: nothing is wrong.")
                    .contains("1 commands that changed nothing are remembered beside them.");
        }

        edit("event-store", "update remembered_command set sequence = 99 where ledger = LEDGER");
        assertFound(verify(), "1 commands are remembered in the event store as answered with or after events that are");
    }

    private static HttpResponse<String> keyed(TestInstallation installation, String key, String path, String body) {
        return installation.send("PATCH", path, body, "Content-Type", "application/json", "Idempotency-Key", key);
    }

    private String kafka() {
        return "127.0.0.1:" + daybook.port("kafka");
    }

    private void send(ProducerRecord<String, byte[]> message) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(message).get();
        }
    }

    private JsonNode document(int sequence) {
        String search = """
                {"query": {"bool": {"filter": [{"term": {"daybook.ledger": "%s"}}, {"term": {"event.sequence": %d}}]}}}
                """.formatted(ledger, sequence);
        return await().atMost(SOON)
                .until(
                        () -> elasticsearch("POST", "/daybook-events/_search", search)
                                .path("hits")
                                .path("hits")
                                .path(0),
                        JsonNode::isObject);
    }

    private void replace(JsonNode hit, String source) {
        elasticsearch("PUT", place(hit), source);
    }

    private void deleteFromAudit(int fromSequence) {
        for (int sequence = fromSequence; sequence <= TRANSACTIONS + 1; sequence++) {
            elasticsearch("DELETE", place(document(sequence)), "");
        }
    }

    private static String place(JsonNode hit) {
        return "/" + hit.path("_index").asString() + "/_doc/" + hit.path("_id").asString() + "?refresh=true";
    }

    private JsonNode elasticsearch(String method, String path, String body) {
        return JsonMapper.shared()
                .readTree(daybook.sendTo(
                                daybook.port("elasticsearch"), method, path, body, "Content-Type", "application/json")
                        .body());
    }
}
