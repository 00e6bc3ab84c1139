package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What an idempotency key promises, also if the command changed nothing. Each test has a ledger of its own. */
class IdempotencyTest {

    private static final String KEY = "Idempotency-Key";

    private static CommandServer server;
    private String name;
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
        name = "l-" + UUID.randomUUID();
        ledger = "/v1/ledgers/" + name;
        accepted(send("PUT", "", "{}"));
        accepted(send("POST", "/transactions", posting("world", "alice", 100)));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        return server.send(method, ledger + path, body, headers);
    }

    private static HttpResponse<String> accepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private static void refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JsonMapper.shared().readTree(answer.body()).path("code").asString())
                .isEqualTo(code);
    }

    /** The same answer as before, and told to be that. */
    private static void replayed(HttpResponse<String> answer, HttpResponse<String> before) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(before.statusCode());
        assertThat(answer.body()).isEqualTo(before.body());
        assertThat(answer.headers().firstValue("Ledger-Sequence"))
                .isEqualTo(before.headers().firstValue("Ledger-Sequence"));
        assertThat(answer.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    }

    private static String posting(String source, String destination, int cents) {
        return posting(null, source, destination, cents);
    }

    private static String posting(String id, String source, String destination, int cents) {
        return "{%s\"postings\":[{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD/2\",\"amount\":%d}]}"
                .formatted(id == null ? "" : "\"id\":\"" + id + "\",", source, destination, cents);
    }

    private int events() {
        return server.journal().queryForObject("select count(*) from event where ledger = ?", Integer.class, name);
    }

    private int remembered() {
        return server.journal()
                .queryForObject("select count(*) from remembered_command where ledger = ?", Integer.class, name);
    }

    /**
     * What changes nothing with a key is a repeat later, too, when something else has changed.
     *
     * @param first and again with a key
     * @param other what changes it meanwhile
     */
    private void lateRetryChangesNothing(String method, String path, String first, String other) {
        accepted(send(method, path, first));
        HttpResponse<String> unchanged = accepted(send(method, path, first, KEY, "K"));
        assertThat(unchanged.headers().firstValue("Idempotent-Replayed")).isEmpty();
        accepted(send(method, path, other));
        int before = events();

        replayed(send(method, path, first, KEY, "K"), unchanged);
        assertThat(events()).isEqualTo(before);
        refused(send(method, path, other, KEY, "K"), 422, "idempotency-key-reused");
        refused(send("POST", "/transactions", posting("world", "eve", 1), KEY, "K"), 422, "idempotency-key-reused");
        accepted(send(method, path, other));
        assertThat(events()).as("the other one stands").isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PATCH | /metadata                | {"k":"v"}                    | {"k":"w"}
            PATCH | /accounts/alice/metadata | {"k":"v"}                    | {"k":"w"}
            PATCH | /accounts/alice/metadata | {"k":null}                   | {"k":"w"}
            PUT   | /accounts/alice          | {"overdraft":{"USD/2":"50"}} | {"overdraft":"unlimited"}
            PUT   | /accounts/alice          | {"closed":true}              | {"closed":false}
            PUT   | /accounts/new            | {}                           | {"metadata":{"k":"w"}}
            """)
    void what_changed_nothing_is_a_repeat_also_when_something_else_has_changed(
            String method, String path, String first, String other) {
        lateRetryChangesNothing(method, path, first, other);
    }

    @Test
    void what_changed_nothing_is_a_repeat_also_after_a_restart_without_snapshots() {
        accepted(send("PATCH", "/metadata", "{\"k\":\"v\"}"));
        HttpResponse<String> unchanged = accepted(send("PATCH", "/metadata", "{\"k\":\"v\"}", KEY, "K"));
        accepted(send("PATCH", "/metadata", "{\"k\":\"w\"}"));
        server.journal().update("delete from snapshot");
        server.stop();
        server.start();
        replayed(send("PATCH", "/metadata", "{\"k\":\"v\"}", KEY, "K"), unchanged);
    }

    @Test
    void metadata_of_a_transaction_that_changed_nothing_are_remembered() {
        String id = UUID.randomUUID().toString();
        accepted(send("POST", "/transactions", posting(id, "world", "bob", 1)));
        lateRetryChangesNothing("PATCH", "/transactions/" + id + "/metadata", "{\"k\":\"v\"}", "{\"k\":\"w\"}");
    }

    @Test
    void a_ledger_that_is_open_is_remembered_as_it_was_answered() {
        HttpResponse<String> open = accepted(send("PUT", "", "{}", KEY, "K"));
        accepted(send("PATCH", "/metadata", "{\"k\":\"w\"}"));
        replayed(send("PUT", "", "{}", KEY, "K"), open);
        refused(send("PUT", "", "{\"region\":\"eu\"}", KEY, "K"), 422, "idempotency-key-reused");
    }

    @Test
    void what_is_there_under_its_id_is_remembered_with_the_key_it_came_with_next() {
        String paid = UUID.randomUUID().toString();
        String held = UUID.randomUUID().toString();
        String back = UUID.randomUUID().toString();
        String hold = "{\"id\":\"" + held + "\",\"source\":\"alice\",\"asset\":\"USD/2\",\"amount\":%d}";
        String reversal = "/transactions/" + paid + "/reversal";
        accepted(send("POST", "/transactions", posting(paid, "alice", "bob", 5)));
        accepted(send("POST", "/holds", hold.formatted(7)));
        accepted(send("POST", reversal, "{\"id\":\"" + back + "\"}"));
        HttpResponse<String> again =
                accepted(send("POST", "/transactions", posting(paid, "alice", "bob", 5), KEY, "t"));
        HttpResponse<String> holdAgain = accepted(send("POST", "/holds", hold.formatted(7), KEY, "h"));
        HttpResponse<String> backAgain = accepted(send("POST", reversal, "{\"id\":\"" + back + "\"}", KEY, "r"));
        assertThat(remembered()).isEqualTo(3);
        accepted(send("POST", "/transactions", posting("world", "alice", 100)));

        replayed(send("POST", "/transactions", posting(paid, "alice", "bob", 5), KEY, "t"), again);
        replayed(send("POST", "/holds", hold.formatted(7), KEY, "h"), holdAgain);
        replayed(send("POST", reversal, "{\"id\":\"" + back + "\"}", KEY, "r"), backAgain);
        refused(send("POST", "/transactions", posting("alice", "bob", 6), KEY, "t"), 422, "idempotency-key-reused");
        refused(send("POST", "/holds", hold.formatted(8), KEY, "h"), 422, "idempotency-key-reused");
        refused(send("POST", reversal, "{}", KEY, "r"), 422, "idempotency-key-reused");
        assertThat(remembered()).isEqualTo(3);
    }

    /** A rejection is not remembered: its key may be used again, for the same and for something else. */
    @Test
    void a_refused_command_is_not_remembered() {
        String held = UUID.randomUUID().toString();
        accepted(send(
                "POST", "/holds", "{\"id\":\"" + held + "\",\"source\":\"alice\",\"asset\":\"USD/2\",\"amount\":7}"));
        HttpResponse<String> voided = accepted(send("POST", "/holds/" + held + "/void", "{}", KEY, "first"));
        refused(send("POST", "/holds/" + held + "/void", "{}", KEY, "K"), 409, "hold-not-open");
        refused(send("PATCH", "/accounts/nobody/metadata", "{\"k\":\"v\"}", KEY, "K"), 404, "account-not-found");
        replayed(send("POST", "/holds/" + held + "/void", "{}", KEY, "first"), voided);
        assertThat(remembered()).isZero();
        accepted(send("POST", "/transactions", posting("world", "alice", 1), KEY, "K"));
    }

    @Test
    void a_batch_is_remembered_item_by_item_with_what_was_there_already() {
        String there = UUID.randomUUID().toString();
        accepted(send("POST", "/transactions", posting(there, "world", "bob", 5)));
        String batch =
                "{\"transactions\":[%s,%s]}".formatted(posting(there, "world", "bob", 5), posting("world", "bob", 6));
        HttpResponse<String> first = accepted(send("POST", "/transactions/batch", batch, KEY, "K"));
        accepted(send("POST", "/transactions", posting("world", "alice", 1)));
        int before = events();

        replayed(send("POST", "/transactions/batch", batch, KEY, "K"), first);
        assertThat(events()).isEqualTo(before);
        refused(
                send(
                        "POST",
                        "/transactions/batch",
                        "{\"transactions\":[" + posting("world", "bob", 7) + "]}",
                        KEY,
                        "K"),
                422,
                "idempotency-key-reused");
    }

    @Test
    void the_key_of_a_batch_is_used_also_if_its_first_transaction_was_refused() {
        String batch = "{\"transactions\":[%s,%s]}".formatted(posting("carol", "bob", 5), posting("world", "bob", 6));
        accepted(send("POST", "/transactions/batch", batch, KEY, "K"));
        refused(send("POST", "/transactions", posting("world", "bob", 7), KEY, "K"), 422, "idempotency-key-reused");
        assertThat(accepted(send("POST", "/transactions/batch", batch, KEY, "K"))
                        .body())
                .contains("insufficient-funds");
        accepted(send("POST", "/transactions", posting("world", "carol", 5)));

        HttpResponse<String> whole = accepted(send("POST", "/transactions/batch", batch, KEY, "K"));
        assertThat(whole.body()).doesNotContain("insufficient-funds");
        replayed(send("POST", "/transactions/batch", batch, KEY, "K"), whole);
    }

    @ParameterizedTest(name = "atomic: {0}")
    @CsvSource({"false", "true"})
    void the_same_transaction_twice_in_one_batch_is_a_repeat(boolean atomic) {
        String item = posting(UUID.randomUUID().toString(), "world", "bob", 5);
        String batch = "{\"atomic\":%s,\"transactions\":[%s,%s]}".formatted(atomic, item, item);
        HttpResponse<String> first = accepted(send("POST", "/transactions/batch", batch, KEY, "K"));
        assertThat(first.body()).doesNotContain("problem");
        assertThat(first.body().split("\"status\":201")).hasSize(3);
        assertThat(events()).isEqualTo(3);

        accepted(send("POST", "/transactions", posting("world", "alice", 1)));
        replayed(send("POST", "/transactions/batch", batch, KEY, "K"), first);
        accepted(send("POST", "/transactions/batch", batch));
        assertThat(events()).isEqualTo(4);
    }

    @Test
    void the_same_id_with_other_content_in_one_batch_is_a_conflict() {
        String id = UUID.randomUUID().toString();
        String batch =
                "{\"transactions\":[%s,%s]}".formatted(posting(id, "world", "bob", 5), posting(id, "world", "bob", 6));
        assertThat(accepted(send("POST", "/transactions/batch", batch)).body()).contains("duplicate-id");
    }

    /** Equal values, however they are spelled, are the same request. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            POST  | /transactions   | {"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":100}]} | \
            {"metadata":{}, "postings":[{"amount":"0100","asset":"USD/2","destination":"bob","source":"world"}],"reference":null}
            POST  | /transactions   | {"effectiveAt":"2026-01-31T09:00:00Z","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]} | \
            {"effectiveAt":"2026-01-31T10:00:00.000+01:00","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}
            POST  | /transactions   | {"id":"ec000000-0000-4000-8000-00000000000a","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]} | \
            {"id":"EC000000-0000-4000-8000-00000000000A","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}
            POST  | /transactions/batch | {"transactions":[{"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}]} | \
            {"atomic":false,"transactions":[{"metadata":{},"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":1}]}]}
            POST  | /holds          | {"source":"alice","asset":"USD/2","amount":"7","expiresAt":"2999-01-31T09:00:00Z"} | \
            {"source":"alice","asset":"USD/2","amount":7,"expiresAt":"2999-01-31T08:00:00-01:00","metadata":{},"destination":null}
            POST  | /holds/HOLD/capture | {"amount":"1"}         | {"amount":1,"final":false}
            POST  | /holds/HOLD/capture | {}                     | {"final":false,"amount":null}
            POST  | /transactions/PAID/reversal | {}             | {"metadata":{},"id":null}
            PUT   | /accounts/alice | {"overdraft":{"USD/2":"50","EUR/2":"1"}} | {"overdraft":{"EUR/2":1,"USD/2":"0050"}}
            PUT   | /accounts/alice | {"limits":{"USD/2":{"min":"0"},"EUR/2":{"max":"5"}}} | \
            {"limits":{"EUR/2":{"max":"05","min":null},"USD/2":{"min":0}}}
            PUT   | /accounts/alice | {"closed":true}            | {"closed":true,"metadata":null,"limits":null,"overdraft":null}
            PUT   | ''              | {}                         | {"metadata":{},"region":null}
            PATCH | /metadata       | {"a":"1","b":null}         | {"b":null,"a":"1"}
            """)
    void a_repeat_may_spell_its_values_otherwise(String method, String path, String first, String again) {
        String at = path.replace("HOLD", placed()).replace("PAID", paid());
        HttpResponse<String> answer = accepted(send(method, at, first, KEY, "K"));
        replayed(send(method, at, again, KEY, "K"), answer);
    }

    private static String id(String body) {
        return JsonMapper.shared().readTree(body).path("id").asString();
    }

    /** What is not given stays as it is, which is not the same as to set it to what it is when an account is made. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT   | /accounts/alice | {"closed":false}    | {}
            PUT   | /accounts/alice | {"metadata":{}}     | {}
            PUT   | /accounts/alice | {"overdraft":{}}    | {}
            PATCH | /metadata       | {"a":null}          | {"b":null}
            PATCH | /metadata       | {"a":null,"b":"1"}  | {"b":"1"}
            POST  | /transactions   | {"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]} | \
            {"effectiveAt":"2026-01-31T09:00:00Z","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}
            """)
    void another_request_is_told_from_a_repeat(String method, String path, String first, String other) {
        accepted(send(method, path, first, KEY, "K"));
        refused(send(method, path, other, KEY, "K"), 422, "idempotency-key-reused");
    }

    /** The version before recorded a digest of what is done to what, and the body as it was read. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            POST  | /transactions   | {"effectiveAt":"2026-01-31T10:00:00+01:00","postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":1}]} | \
            post transaction        | {"id":null,"reference":null,"effectiveAt":"2026-01-31T10:00:00+01:00","metadata":null,"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}
            POST  | /transactions/batch | {"transactions":[{"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}]} | \
            post batch              | {"atomic":null,"transactions":[{"id":null,"reference":null,"effectiveAt":null,"metadata":null,"postings":[{"source":"world","destination":"bob","asset":"USD/2","amount":"1"}]}]}
            POST  | /holds          | {"source":"alice","asset":"USD/2","amount":"7"} | \
            place hold              | {"id":null,"source":"alice","destination":null,"asset":"USD/2","amount":"7","expiresAt":null,"metadata":null}
            POST  | /holds/HOLD/capture | {"amount":"1"} | capture hold HOLD | {"amount":"1","destination":null,"final":null}
            POST  | /holds/HOLD/void    | {}             | void hold HOLD    | {}
            POST  | /transactions/PAID/reversal | {}     | reverse PAID      | {"id":null,"metadata":null}
            PUT   | /accounts/alice | {"closed":true}    | configure account alice | {"overdraft":null,"limits":null,"closed":true,"metadata":null}
            PATCH | /accounts/alice/metadata | {"b":"1","a":null} | change metadata of alice | {"a":null,"b":"1"}
            """)
    void a_repeat_of_what_an_earlier_version_recorded_is_still_one(
            String method, String path, String body, String action, String read) throws Exception {
        String hold = placed();
        String paid = paid();
        String at = path.replace("HOLD", hold).replace("PAID", paid);
        HttpResponse<String> answer = accepted(send(method, at, body, KEY, "K"));
        String request = action.replace("HOLD", hold).replace("PAID", paid) + "\n" + read;
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
        server.journal()
                .update(
                        "update event set fingerprint = ? where ledger = ? and fingerprint is not null",
                        HexFormat.of().formatHex(digest),
                        name);

        replayed(send(method, at, body, KEY, "K"), answer);
        refused(send("POST", "/transactions", posting("world", "eve", 1), KEY, "K"), 422, "idempotency-key-reused");
    }

    private String placed() {
        String hold = "{\"source\":\"alice\",\"destination\":\"shop\",\"asset\":\"USD/2\",\"amount\":9}";
        return id(accepted(send("POST", "/holds", hold)).body());
    }

    private String paid() {
        return id(accepted(send("POST", "/transactions", posting("world", "bob", 1)))
                .body());
    }

    @Test
    void an_asynchronous_command_that_changes_nothing_is_remembered() {
        accepted(send("PATCH", "/metadata", "{\"k\":\"v\"}"));
        HttpResponse<String> taken = send("PATCH", "/metadata", "{\"k\":\"v\"}", KEY, "K", "Prefer", "respond-async");
        assertThat(taken.statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(30)).until(() -> remembered() == 1);
        accepted(send("PATCH", "/metadata", "{\"k\":\"w\"}"));
        int before = events();

        HttpResponse<String> late = accepted(send("PATCH", "/metadata", "{\"k\":\"v\"}", KEY, "K"));
        assertThat(late.body()).contains("\"k\":\"v\"");
        assertThat(late.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void two_keys_are_one_too_many() {
        HttpResponse<String> answer = send("PATCH", "/metadata", "{\"k\":\"v\"}", KEY, "a", KEY, "b");
        refused(answer, 400, "invalid-field");
        assertThat(answer.body()).contains("Idempotency-Key");
        assertThat(events()).isEqualTo(2);
    }
}
