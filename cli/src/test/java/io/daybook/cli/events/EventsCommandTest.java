package io.daybook.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.Daybook;
import io.daybook.cli.client.AnsweringServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of the audit, and how it is shown. */
class EventsCommandTest {

    private static final String POSTED = """
            {"timestamp":"2026-01-31T09:00:00.123456Z","kind":"event","ledger":"acme","sequence":2,"id":"e2",
             "type":"daybook.transaction-posted.v1","actor":"anonymous","requestId":"r2","traceId":null,
             "message":"posted 10.50 USD from world to users:42 in ledger acme, reference \\u001b[2Jx","data":{"id":"t2"}}""";
    private static final String ASKED = """
            {"timestamp":"2026-01-31T08:59:59.9Z","kind":"request","ledger":null,"sequence":null,"id":"q1",
             "type":"query","actor":"anonymous","requestId":"r1","traceId":"t1","message":"200 in 1.0 ms: GET /v1/audit",
             "data":{"status":200}}""";

    private final AnsweringServer server = new AnsweringServer();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("events"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", server.uri().toString()));
        CommandLine daybook = Daybook.commandLine();
        daybook.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return daybook.execute(all.toArray(String[]::new));
    }

    private static String page(String next, String... rows) {
        return "{\"data\":[" + String.join(",", rows) + "],\"next\":" + next + "}";
    }

    @Test
    void a_search_asks_for_what_it_was_told_and_goes_through_the_pages() {
        server.answersJson(page("\"c+1\"", POSTED)).answersJson(page("null", ASKED));

        assertThat(run(
                        "search",
                        "a \"b\"",
                        "--kind",
                        "all",
                        "--ledger",
                        "acme",
                        "--type",
                        "transaction-posted",
                        "--account",
                        "users:42",
                        "--from",
                        "2026-01-31T00:00:00Z",
                        "--limit",
                        "700"))
                .isZero();
        String parameters = "ledger=acme&account=users%3A42&type=daybook.transaction-posted&q=a+%22b%22"
                + "&from=2026-01-31T00%3A00%3A00Z&limit=";
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly("/v1/audit?" + parameters + "500", "/v1/audit?" + parameters + "500&cursor=c%2B1");
        assertThat(out.toString()).isEqualTo("""
                TIME (UTC)               LEDGER/SEQUENCE   TYPE                ID                                    WHAT
                2026-01-31 09:00:00.123  acme/2            transaction-posted  e2                                    posted 10.50 USD from world to users:42 in ledger acme, reference ·[2Jx
                2026-01-31 08:59:59.900  -                 query               q1                                    200 in 1.0 ms: GET /v1/audit
                """);
    }

    @Test
    void lines_are_cut_to_the_terminal() {
        EventTable table = new EventTable(new PrintWriter(out), OptionalInt.of(90));
        table.add(json(POSTED));
        table.add(json(ASKED));

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(90));
        assertThat(out.toString()).contains("acme/2", "posted 10.50 USD from worl…", "200 in 1.0 ms: GET /v1/aud…");
    }

    @Test
    void ndjson_is_what_the_audit_says() {
        server.answersJson(page("null", POSTED));

        assertThat(run("search", "--format", "ndjson")).isZero();
        assertThat(out.toString().lines().map(EventsCommandTest::json)).containsExactly(json(POSTED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "ndjson"})
    void that_nothing_is_found_is_told_to_people_and_not_to_programs(String format) {
        server.answersJson(page("\"c\"", ASKED)).answersJson(page("null"));

        assertThat(run("search", "--status", "422", "--kind", "request", "--format", format))
                .isZero();

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("Nothing was found.").hasLineCount(1);
    }

    @Test
    void filters_that_the_search_has_not_are_words_of_it_and_are_looked_at_again() {
        String refused = ASKED.replace("\"q1\"", "\"q2\"")
                .replace("{\"status\":200}", "{\"status\":422,\"problem\":\"insufficient-funds\"}");
        server.answersJson(page("\"c1\"", ASKED, refused)).answersJson(page("null", ASKED));

        assertThat(run(
                        "search",
                        "a | b",
                        "--status",
                        "422",
                        "--code",
                        "insufficient-funds",
                        "--actor",
                        "anonymous",
                        "--request",
                        "r\"1",
                        "--limit",
                        "2",
                        "--format",
                        "ndjson"))
                .isZero();
        assertThat(out.toString()).isEmpty();
        String q = "q=%22422%22+%22insufficient-funds%22+%22anonymous%22+%22r%5C%221%22+%28a+%7C+b%29";
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/audit?kind=request&" + q + "&limit=2",
                        "/v1/audit?kind=request&" + q + "&limit=2&cursor=c1");

        server.answersJson(page("null", ASKED, refused));
        assertThat(run("search", "--status", "422", "--request", "r1", "--format", "ndjson"))
                .isZero();
        assertThat(out.toString().lines().map(EventsCommandTest::json)).containsExactly(json(refused));
        server.answersJson(page("null"));
        assertThat(run("search", "--request", "r1")).isZero();
        assertThat(server.asked().getLast().pathAndQuery()).isEqualTo("/v1/audit?q=%22r1%22&limit=50");
        assertThat(run("search", "--status", "422", "--kind", "event")).isEqualTo(2);
        assertThat(err.toString()).contains("leave '--kind event' out");
    }

    private static String event(int sequence) {
        return POSTED.replace("\"e2\"", "\"e" + sequence + "\"").replace("\"sequence\":2", "\"sequence\":" + sequence);
    }

    @Test
    void tail_shows_what_comes_once_however_old_and_the_events_of_a_ledger_in_order() {
        String old = ASKED.replace("2026", "1999");
        server.answersJson(page("\"a1\"", event(1)))
                .answersJson(page("\"c1\"", event(2)))
                .answersJson(page("\"a2\"", event(2), old, event(4)))
                .answersJson(page("\"a3\"", old, event(4), event(3)))
                .answersProblem(400, "{\"code\":\"enough\"}", Map.of());

        assertThat(run("tail", "--kind", "all", "--last", "1", "--format", "ndjson"))
                .isEqualTo(1);

        assertThat(out.toString().lines().map(EventsCommandTest::json).map(row -> row.path("id")
                        .asString()))
                .containsExactly("e2", "q1", "e3", "e4");
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/audit?limit=500&cursor=arrivals",
                        "/v1/audit?limit=1",
                        "/v1/audit?limit=500&cursor=a1",
                        "/v1/audit?limit=500&cursor=a2",
                        "/v1/audit?limit=500&cursor=a3");
    }

    /** An id is unique in its ledger only. */
    @Test
    void an_event_of_another_ledger_with_the_same_id_is_another() {
        String other = POSTED.replace("\"acme\"", "\"other\"");
        server.answersJson("{\"data\":[{\"sequence\":2,\"id\":\"e2\"}],\"next\":null}")
                .answersJson(page("null", other, POSTED))
                .answersJson(page("null", POSTED));
        assertThat(run("show", "acme/2", "--format", "ndjson")).isZero();
        assertThat(out.toString().lines().map(EventsCommandTest::json)).containsExactly(json(POSTED));

        String first = other.replace("\"sequence\":2", "\"sequence\":1");
        server.answersJson(page("\"a1\""))
                .answersJson(page("\"c1\"", POSTED))
                .answersJson(page("\"a2\"", first, POSTED))
                .answersProblem(400, "{\"code\":\"enough\"}", Map.of());
        assertThat(run("tail", "--last", "1", "--format", "ndjson")).isEqualTo(1);
        assertThat(out.toString().lines().map(EventsCommandTest::json).map(row -> row.path("ledger")
                        .asString()))
                .containsExactly("acme", "acme", "other");
    }

    @Test
    void tail_does_not_wait_for_an_event_that_is_not_asked_for() {
        server.answersJson(page("\"a1\"")).answersJson(page("null"));
        for (int look = 0; look < 8; look++) {
            server.answersJson(page("\"a1\"", event(7)));
        }
        server.answersProblem(400, "{\"code\":\"enough\"}", Map.of());

        assertThat(run("tail", "--account", "users:42")).isEqualTo(1);
        assertThat(out.toString()).containsOnlyOnce("acme/7");
    }

    @Test
    void show_finds_what_has_the_same_request() {
        server.answersJson("{\"data\":[{\"sequence\":2,\"id\":\"e2\"}],\"next\":null}")
                .answersJson(page("null", POSTED))
                .answersJson(page("null", POSTED, ASKED));

        assertThat(run("show", "acme/2")).isZero();
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/ledgers/acme/events?limit=1&after=1",
                        "/v1/audit?q=%22e2%22&limit=100",
                        "/v1/audit?q=%22r2%22&limit=100");
        assertThat(out.toString())
                .containsSubsequence("request query", "trace     t1", "event daybook.transaction-posted.v1");
    }

    @Test
    void what_nobody_knows_is_told_with_what_to_do() {
        server.answersJson(page("null"));

        assertThat(run("show", "e9")).isEqualTo(1);
        assertThat(err.toString()).contains("knows nothing of 'e9'", "daybook events search");
        assertThat(run("search", "--ledger", "A")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void numbers_that_make_no_sense_are_refused_before_anything_is_asked() {
        assertThat(run("search", "--limit", "0")).isEqualTo(2);
        assertThat(run("tail", "--last", "-1")).isEqualTo(2);
        assertThat(err.toString()).contains("--limit 0: it must be 1 or more", "--last -1: it must be 0 or more");
        assertThat(server.asked()).isEmpty();
    }
}
