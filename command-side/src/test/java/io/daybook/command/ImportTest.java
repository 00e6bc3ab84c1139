package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.services.SharedServices;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A ledger's history from one installation into another, over HTTP, each with an event store of its own. */
class ImportTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /**
     * Of the line that a ledger is opened by, computed with {@code sha256sum} over 32 zero bytes and {@code
     * {"actor":"a","data":{"metadata":{"escape":"…"}}, … }} with the escape in upper case, as it was written once.
     */
    private static final String OF_FIRST_VERSION = "0818993ee3a720d180976017b005572da1b2abad2ed11680d45e89f5a3538120";

    private static final String EVENTS = "/v1/ledgers/acme/events";
    private static final String COMPLETE = EVENTS + "?complete=true";

    private final HttpClient http = HttpClient.newHttpClient();
    private Installation there;
    private Installation here;

    /** A command side with services that nobody else uses. */
    private final class Installation {
        private final SharedServices.Isolated services = SharedServices.get().isolated();
        private ConfigurableApplicationContext application;
        private JdbcTemplate journal;

        Installation() {
            start();
        }

        void start() {
            SpringApplication spring = new SpringApplication(CommandSide.class);
            Map<String, Object> properties = new TreeMap<>(services.properties());
            properties.put("server.port", "0");
            properties.put("spring.threads.virtual.enabled", "true");
            properties.put("spring.main.banner-mode", "off");
            properties.put("logging.level.root", "warn");
            spring.setDefaultProperties(properties);
            application = spring.run();
            journal = application.getBean(JdbcTemplate.class);
        }

        void restart() {
            application.close();
            start();
        }

        HttpResponse<String> send(String method, String path, String contentType, String body, String... headers) {
            int port =
                    ((WebServerApplicationContext) application).getWebServer().getPort();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .header("Content-Type", contentType);
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        JsonNode accepted(String method, String path, String body) {
            HttpResponse<String> answer = send(method, path, "application/json", body);
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
            return JSON.readTree(answer.body());
        }

        HttpResponse<String> append(String path, List<String> lines) {
            return send("POST", path, "application/x-ndjson", String.join("\n", lines) + "\n");
        }

        long events() {
            return journal.queryForObject("select count(*) from event", Long.class);
        }

        /** Every column but the place in the whole journal and the fingerprint of the request, which is not history. */
        List<String> history() {
            return journal.queryForList(
                    "select (ledger, sequence, event_id, type, recorded_at, request_id, actor, entity_id, subject_id,"
                            + " reference, data, chain, hash)::text from event order by ledger, sequence",
                    String.class);
        }

        /** With an idempotency key. */
        HttpResponse<String> keyed(String key, String method, String path, String body) {
            return send(method, path, "application/json", body, "Idempotency-Key", key);
        }

        /** As it is exported, with what is known of repeats: of a fingerprint each, two a page. */
        List<String> exportWithKeys() {
            List<String> lines = new ArrayList<>(export());
            List<JsonNode> commands = new ArrayList<>();
            String path = "/v1/ledgers/acme/keyed-commands?limit=2";
            for (String next = ""; next != null; ) {
                HttpResponse<String> answer = send("GET", path + next, "application/json", "");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                JsonNode page = JSON.readTree(answer.body());
                page.path("data").forEach(commands::add);
                next = page.path("next").isNull()
                        ? null
                        : "&cursor=" + page.path("next").asString();
            }
            for (JsonNode command : commands.reversed()) {
                int sequence = command.path("sequence").asInt();
                if (command.has("remembered")) {
                    lines.add(sequence, command.toString());
                } else {
                    ObjectNode event = (ObjectNode) JSON.readTree(lines.get(sequence - 1));
                    assertThat(event.path("id")).isEqualTo(command.path("id"));
                    lines.set(
                            sequence - 1,
                            event.set("fingerprint", command.path("fingerprint"))
                                    .toString());
                }
            }
            return lines;
        }

        /** The journal of the ledger acme as it is exported. */
        List<String> export() {
            List<String> lines = new ArrayList<>();
            for (Map<String, Object> row :
                    journal.queryForList("select * from event where ledger = 'acme' order by sequence")) {
                ObjectNode line = JSON.createObjectNode();
                line.put("ledger", "acme");
                line.put("sequence", (long) row.get("sequence"));
                line.put("id", row.get("event_id").toString());
                line.put("type", (String) row.get("type"));
                line.put(
                        "recordedAt",
                        ((Timestamp) row.get("recorded_at")).toInstant().toString());
                line.put("requestId", (String) row.get("request_id"));
                line.put("actor", (String) row.get("actor"));
                line.set("data", JSON.readTree((byte[]) row.get("data")));
                line.put("chain", (int) row.get("chain"));
                line.put("hash", HexFormat.of().formatHex((byte[]) row.get("hash")));
                lines.add(line.toString());
            }
            return lines;
        }
    }

    @BeforeEach
    void start() {
        there = new Installation();
        here = new Installation();
    }

    @AfterEach
    void stop() {
        there.application.close();
        here.application.close();
    }

    /** One of everything. */
    private void fillThere() {
        there.accepted("PUT", "/v1/ledgers/acme", "{\"metadata\":{\"owner\":\"Zoë \\\"Z\\\" \\u2028 \\u001B\"}}");
        there.accepted("PUT", "/v1/ledgers/acme/accounts/alice", "{\"overdraft\":{\"USD/2\":\"50\"}}");
        String paid = pay("world", "alice", "1000", ",\"reference\":\"r\",\"id\":\"" + UUID.randomUUID() + "\"");
        String returned = pay("alice", "bob", "20", "");
        there.accepted("POST", "/v1/ledgers/acme/transactions/" + returned + "/reversal", "{}");
        there.accepted("PATCH", "/v1/ledgers/acme/transactions/" + paid + "/metadata", "{\"k\":\"v\"}");
        String held = hold("\"destination\":\"bob\",");
        there.accepted("POST", "/v1/ledgers/acme/holds/" + held + "/capture", "{\"amount\":\"40\",\"final\":false}");
        there.accepted("POST", "/v1/ledgers/acme/holds/" + held + "/void", "{}");
        there.accepted("PATCH", "/v1/ledgers/acme/metadata", "{\"owner\":null}");
    }

    private String pay(String source, String destination, String amount, String more) {
        return there.accepted(
                        "POST",
                        "/v1/ledgers/acme/transactions",
                        "{\"postings\":[{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD/2\",\"amount\":\"%s\"}]%s}"
                                .formatted(source, destination, amount, more))
                .path("id")
                .asString();
    }

    private String hold(String more) {
        return there.accepted(
                        "POST",
                        "/v1/ledgers/acme/holds",
                        "{\"source\":\"alice\"," + more + "\"asset\":\"USD/2\",\"amount\":\"100\"}")
                .path("id")
                .asString();
    }

    @Test
    void a_ledger_is_the_same_in_another_installation_and_goes_on_there() {
        fillThere();
        List<String> lines = there.export();
        int half = lines.size() / 2;

        assertThat(here.append(EVENTS, lines.subList(0, half)).statusCode()).isEqualTo(200);
        // After an interruption the whole is sent again, by somebody whose objects have another order.
        here.restart();
        HttpResponse<String> rest = here.append(
                COMPLETE, lines.stream().map(ImportTest::inAnotherOrder).toList());

        JsonNode answer = JSON.readTree(rest.body());
        assertThat(rest.statusCode()).as(rest.body()).isEqualTo(200);
        assertThat(answer.path("repeated").asInt()).isEqualTo(half);
        assertThat(answer.path("recorded").asInt()).isEqualTo(lines.size() - half);
        assertThat(answer.path("hash").asString())
                .isEqualTo(JSON.readTree(lines.getLast()).path("hash").asString());
        assertThat(rest.headers().firstValue("Ledger-Sequence")).hasValue(Integer.toString(lines.size()));
        assertThat(here.history()).isEqualTo(there.history());

        // With its old hash, but other content: it must not pass for the event that is there.
        List<String> changed = new ArrayList<>(lines);
        changed.set(changed.size() - 1, lines.getLast().replace("\"requestId\":\"", "\"requestId\":\"x"));
        HttpResponse<String> refused = here.append(COMPLETE, changed);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).contains("broken-chain", "\"sequence\":" + lines.size());

        HttpResponse<String> again = here.append(COMPLETE, lines);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(here.history()).isEqualTo(there.history());

        // Both have the same memory of what was: the reference is taken, and the money is where it was.
        String spend =
                "{\"postings\":[{\"source\":\"alice\",\"destination\":\"x\",\"asset\":\"USD/2\",\"amount\":\"%s\"}]%s}";
        for (Installation each : List.of(there, here)) {
            String path = "/v1/ledgers/acme/transactions";
            assertThat(each.send("POST", path, "application/json", spend.formatted("1", ",\"reference\":\"r\""))
                            .body())
                    .contains("duplicate-reference");
            assertThat(each.send("POST", path, "application/json", spend.formatted("1011", ""))
                            .body())
                    .contains("insufficient-funds")
                    .contains("\"available\":\"1010\"");
            each.accepted("POST", path, spend.formatted("1010", ""));
        }
    }

    private static String inAnotherOrder(String line) {
        ObjectNode event = (ObjectNode) JSON.readTree(line);
        ObjectNode data = JSON.createObjectNode();
        List.copyOf(event.get("data").propertyNames())
                .reversed()
                .forEach(name -> data.set(name, event.get("data").get(name)));
        event.set("data", data);
        return event.toString();
    }

    @Test
    void a_broken_chain_is_refused_with_the_sequence_and_nothing_of_the_request_is_recorded() {
        fillThere();
        List<String> lines = there.export();
        List<String> edited = new ArrayList<>(lines);
        edited.set(3, lines.get(3).replace("\"20\"", "\"2000\""));
        List<String> gap = new ArrayList<>(lines);
        gap.remove(4);

        for (List<String> broken : List.of(edited, gap, lines.subList(1, 3))) {
            HttpResponse<String> answer = here.append(EVENTS, broken);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo("broken-chain");
        }
        assertThat(JSON.readTree(here.append(EVENTS, edited).body())
                        .path("sequence")
                        .asLong())
                .isEqualTo(4);
        assertThat(here.events()).isZero();
        assertThat(here.send("PUT", "/v1/ledgers/acme/accounts/a", "application/json", "{}")
                        .body())
                .contains("ledger-not-found");

        // A ledger that went its own way is not overwritten, and what was recorded of it before stays.
        here.append(COMPLETE, lines.subList(0, 2));
        here.accepted("PUT", "/v1/ledgers/acme/accounts/own", "{}");
        assertThat(JSON.readTree(here.append(EVENTS, lines).body())
                        .path("sequence")
                        .asLong())
                .isEqualTo(3);
        assertThat(here.events()).isEqualTo(3);
    }

    @Test
    void what_is_not_an_event_of_this_ledger_is_refused_by_its_line() {
        fillThere();
        List<String> lines = there.export();
        String first = lines.getFirst();
        assertRefused("is of ledger 'beta'", first.replace("\"ledger\":\"acme\"", "\"ledger\":\"beta\""));
        assertRefused("upgrade this one", first.replace("ledger-opened.v1", "ledger-opened.v9"));
        assertRefused("line 1.hash: is required", first.replaceFirst(",\"hash\":\"[0-9a-f]*\"", ""));
        assertRefused("line 1: is not an event", "hello");
        assertRefused("at least one event", "");
        assertRefused("U+0000", first.replaceFirst("Zoë", "\\\\u0000"));
        assertRefused("line 1.recordedAt: lies between", first.replaceFirst("(\"recordedAt\":\")....", "$10001"));
        assertRefused("line 1.recordedAt: lies between", first.replaceFirst("(\"recordedAt\":\")....", "$11960"));
        assertRefused("line 1.recordedAt: lies between", first.replaceFirst("(\"recordedAt\":\")....", "$12999"));
        assertRefused("line 1.data.postings[0].amount", lines.get(2).replace("\"1000\"", "1000"));
        assertRefused("line 1.data.metadata.k", lines.get(5).replace("\"v\"", "1"));
        assertThat(here.append(EVENTS, java.util.Collections.nCopies(1_001, first))
                        .statusCode())
                .isEqualTo(413);
        assertThat(here.send("POST", EVENTS, "application/json", "{}").statusCode())
                .isEqualTo(415);
        assertThat(here.events()).isZero();
    }

    /** As a ledger of an installation that was brought up to date, which is taken to another one. */
    @Test
    void a_history_that_was_begun_under_the_first_version_of_the_chain_is_taken_and_goes_on_under_the_second() {
        String opened = """
                {"ledger":"acme","sequence":1,"id":"0198c0de-0000-7000-8000-000000000001",\
                "type":"daybook.ledger-opened.v1","recordedAt":"2026-01-31T09:00:00Z","requestId":"r","actor":"a",\
                "data":{"metadata":{"escape":"\\u001b"}},"hash":"@"}""".replace("@", OF_FIRST_VERSION);
        assertThat(here.append(COMPLETE, List.of(opened)).statusCode()).isEqualTo(200);

        here.accepted("PATCH", "/v1/ledgers/acme/metadata", "{\"k\":\"v\"}");
        here.restart();
        here.accepted("PATCH", "/v1/ledgers/acme/metadata", "{\"k\":\"w\"}");

        assertThat(here.journal.queryForList("select chain from event order by sequence", Integer.class))
                .containsExactly(1, 2, 2);
        assertThat(there.append(COMPLETE, here.export()).statusCode()).isEqualTo(200);
        assertThat(there.history()).isEqualTo(here.history());
    }

    private void assertRefused(String why, String line) {
        HttpResponse<String> answer = here.append(EVENTS, List.of(line));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(why);
    }

    @Test
    void a_repeat_is_a_repeat_in_the_other_installation_too() {
        there.accepted("PUT", "/v1/ledgers/acme", "{}");
        String paid = UUID.randomUUID().toString();
        String transactions = "/v1/ledgers/acme/transactions";
        String pay = "{\"id\":\"" + paid + "\",\"postings\":[{\"source\":\"world\",\"destination\":\"alice\","
                + "\"asset\":\"USD/2\",\"amount\":\"5\"}]}";
        String batch = "{\"transactions\":[%s,%s]}"
                .formatted(
                        "{\"postings\":[{\"source\":\"bob\",\"destination\":\"eve\",\"asset\":\"USD/2\",\"amount\":1}]}",
                        pay);
        List<List<String>> commands = List.of(
                List.of("event", "PATCH", "/v1/ledgers/acme/metadata", "{\"k\":\"v\"}"),
                List.of("nothing", "PATCH", "/v1/ledgers/acme/metadata", "{\"k\":\"v\"}"),
                List.of("nothing again", "PUT", "/v1/ledgers/acme", "{}"),
                List.of("posted", "POST", transactions, pay),
                List.of("posted again", "POST", transactions, pay),
                List.of("account", "PUT", "/v1/ledgers/acme/accounts/alice", "{\"closed\":false}"));
        List<HttpResponse<String>> answers = commands.stream()
                .map(each -> there.keyed(each.get(0), each.get(1), each.get(2), each.get(3)))
                .toList();
        assertThat(answers).allMatch(answer -> answer.statusCode() < 300);
        there.keyed("in part", "POST", transactions + "/batch", batch);
        there.accepted("PATCH", "/v1/ledgers/acme/metadata", "{\"k\":\"w\"}");
        List<String> lines = there.exportWithKeys();
        assertThat(lines).hasSize((int) there.events() + 6);

        int half = lines.size() / 2;
        assertThat(here.append(EVENTS, lines.subList(0, half)).statusCode()).isEqualTo(200);
        here.restart();
        HttpResponse<String> whole = here.append(COMPLETE, lines);
        assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
        assertThat(JSON.readTree(whole.body()).path("remembered").asInt()).isEqualTo(6);
        assertThat(here.append(COMPLETE, lines.subList(lines.size() - 2, lines.size() - 1))
                        .body())
                .contains("\"remembered\":1");

        for (int i = 0; i < commands.size(); i++) {
            List<String> each = commands.get(i);
            HttpResponse<String> repeat = here.keyed(each.get(0), each.get(1), each.get(2), each.get(3));
            assertThat(repeat.statusCode())
                    .as(repeat.body())
                    .isEqualTo(answers.get(i).statusCode());
            assertThat(repeat.body()).isEqualTo(answers.get(i).body());
            assertThat(repeat.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            assertThat(here.keyed(each.get(0), "PATCH", "/v1/ledgers/acme/metadata", "{\"other\":\"x\"}")
                            .body())
                    .contains("idempotency-key-reused");
        }
        assertThat(here.keyed("in part", "PATCH", "/v1/ledgers/acme/metadata", "{\"other\":\"x\"}")
                        .body())
                .contains("idempotency-key-reused");
        assertThat(here.events()).isEqualTo(there.events());
        assertThat(here.exportWithKeys()).isEqualTo(lines);
    }

    @Test
    void what_cannot_be_remembered_of_an_imported_command_is_refused() {
        there.accepted("PUT", "/v1/ledgers/acme", "{}");
        there.keyed("K", "PUT", "/v1/ledgers/acme", "{}");
        List<String> lines = there.exportWithKeys();
        String remembered = lines.getLast();
        assertThat(remembered).contains("\"remembered\":{\"type\":\"daybook.ledger-opened.v1\"");
        assertRefused("line 1.fingerprint", remembered.replaceFirst("\"2:[0-9a-f]", "\"2:x"));
        assertRefused("line 1.remembered", remembered.replaceFirst("\\{\"type.*", "7}"));
        assertRefused(
                "line 1.remembered.data.metadata.k", remembered.replace("\"metadata\":{}", "\"metadata\":{\"k\":1}"));
        assertRefused(
                "line 1.remembered.type",
                remembered.replaceFirst(
                        "\"type.*",
                        "\"type\":\"daybook.hold-released.v1\",\"data\":{\"amount\":\"1\",\"asset\":\"USD/2\",\"hold\":\""
                                + UUID.randomUUID() + "\",\"reason\":\"voided\",\"source\":\"a\"}}}"));

        String opened = lines.getFirst();
        String other = "\"event\":\"" + UUID.randomUUID() + "\"";
        for (String impossible : List.of(
                remembered.replace("\"sequence\":1", "\"sequence\":2"),
                remembered.replaceFirst("\"type.*", other + "}}"),
                remembered.replaceFirst(
                        "\"id\":\"[^\"]*\"",
                        "\"id\":\"" + JSON.readTree(opened).path("id").asString() + "\""))) {
            HttpResponse<String> answer = here.append(EVENTS, List.of(opened, impossible));
            assertThat(answer.statusCode()).as(impossible + answer.body()).isEqualTo(422);
            assertThat(answer.body()).contains("broken-chain");
            assertThat(here.events()).isZero();
        }
        assertThat(here.append(EVENTS, lines).statusCode()).isEqualTo(200);
        HttpResponse<String> another =
                here.append(EVENTS, List.of(remembered.replaceFirst("\"2:[0-9a-f]{8}", "\"2:00000000")));
        assertThat(another.statusCode()).as(another.body()).isEqualTo(422);
    }

    /** To release a hold between two pieces would make another history of it. */
    @Test
    void a_hold_whose_time_has_come_is_released_after_the_whole_history_is_there_and_not_before() {
        there.accepted("PUT", "/v1/ledgers/acme", "{}");
        pay("world", "alice", "1000", "");
        hold("\"destination\":\"bob\",\"expiresAt\":\"" + Instant.now().plusMillis(700) + "\",");
        await().atMost(Duration.ofSeconds(20)).until(() -> there.events() == 4);
        List<String> lines = there.export();
        assertThat(lines.getLast()).contains("expired");

        here.append(EVENTS, lines.subList(0, 3));
        assertThat(here.journal.queryForObject("select count(*) from hold_deadline", Integer.class))
                .isZero();
        assertThat(here.append(COMPLETE, lines).statusCode()).isEqualTo(200);
        assertThat(here.history()).isEqualTo(there.history());

        Installation third = new Installation();
        try {
            third.append(COMPLETE, lines.subList(0, 3));
            await().atMost(Duration.ofSeconds(20)).until(() -> third.events() == 4);
            assertThat(new String(
                            third.journal.queryForObject("select data from event where sequence = 4", byte[].class),
                            StandardCharsets.UTF_8))
                    .contains("expired");
        } finally {
            third.application.close();
        }
    }
}
