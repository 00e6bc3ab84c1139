package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
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
        server.journal().update("delete from snapshot");
        server.stop();
        server.start();
        replayed(send(method, path, first, KEY, "K"), unchanged);
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
}
