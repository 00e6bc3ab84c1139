package io.daybook.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.daybook.cli.Daybook;
import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.AnsweringServer.Asked;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exit status and what is told follow from the fields of the answers. */
class ReplayCommandTest {

    private static final String ID = "0c000000-0000-4000-8000-000000000001";
    private static final String PART = """
            {"projection": "books", "state": "%s", "live": %d, "dryRun": %b, "events": 10, "behind": 0, "rate": 0.0,
             "actions": [%s]%s}
            """;
    private static final String PROBLEM = """
            {"type": "about:blank", "title": "-", "status": %d, "code": "%s", "detail": "%s"%s}
            """;

    private final AnsweringServer server = new AnsweringServer();
    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... command) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--url", server.uri().toString()));
        return Daybook.commandLine()
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(errors))
                .execute(line.toArray(String[]::new));
    }

    private static String replay(String part) {
        return "{\"id\": \"" + ID + "\", \"state\": \"running\", \"parts\": [" + part + "]}";
    }

    private static String books(String state, int live, boolean dryRun, String actions, String others) {
        return PART.formatted(state, live, dryRun, actions, others);
    }

    private static String page(String element) {
        return "{\"data\": [" + element + "], \"next\": null}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replay books           | swapped   | 2 | "detail": "generation 2 is live" | 0 | books: generation 2 is live
            replay books           | paused    | 1 | "detail": "not exchanged"        | 1 | books: not exchanged
            replay books           | discarded | 1 | "detail": "discarded"            | 1 | books: discarded
            replay books           | failed    | 1 | "detail": "no event store"       | 1 | books: no event store
            replay books --dry-run | done      | 1 | "differences": []                | 0 | books: no differences
            replay books --dry-run | done      | 1 | "differences": ["a", "b"]        | 1 | books: differences, for example: a; b
            replay books --dry-run | paused    | 1 | "detail": "paused"               | 1 | books: paused
            """)
    void what_has_come_of_it_is_told(String command, String state, int live, String member, int status, String told) {
        server.answersJson(replay(books("requested", 1, false, "", "")))
                .answersJson(replay(books("running", 1, false, "", "")))
                .answersJson(replay(books(state, live, false, "", ", " + member)));

        assertThat(run(command.split(" "))).isEqualTo(status);

        assertThat(printed.toString()).isEqualTo(told + "\n");
        assertThat(server.asked())
                .extracting(Asked::method, Asked::pathAndQuery)
                .contains(tuple("POST", "/v1/operations/replays"))
                .endsWith(tuple("GET", "/v1/operations/replays/" + ID));
    }

    @Test
    void everything_that_is_asked_for_is_in_the_request() {
        server.answersProblem(409, PROBLEM.formatted(409, "operation-in-progress", "it is -", ""), Map.of());

        run("replay", "audit", "--ledger", "acme", "--from-sequence", "7", "--source", "store");

        assertThat(server.asked().getFirst().body())
                .isEqualTo("{\"projection\":\"audit\",\"source\":\"store\",\"ledger\":\"acme\",\"fromSequence\":7}");
    }

    @Test
    void another_that_is_under_way_is_told_with_what_can_be_done() {
        server.answersProblem(
                409,
                PROBLEM.formatted(
                        409,
                        "operation-in-progress",
                        "a generation is being built already",
                        ", \"projection\": \"books\""),
                Map.of());

        assertThat(run("replay", "all")).isEqualTo(1);

        assertThat(errors.toString())
                .startsWith("A generation is being built already: './daybook replay status' tells")
                .contains("'./daybook replay resume books'", "'./daybook replay discard books'");
    }

    @Test
    void only_what_makes_sense_is_asked_of_what_is_there() {
        server.answersJson(page(replay(books("paused", 1, true, "\"resume\", \"discard\"", ""))))
                .answersJson(replay(books("paused", 1, true, "", ", \"action\": \"resume\"")))
                .answersJson(replay(books("comparing", 1, true, "", "")))
                .answersJson(replay(books("done", 1, false, "", ", \"differences\": []")));

        assertThat(run("replay", "resume", "books")).isZero();

        assertThat(server.asked().get(1).method()).isEqualTo("PATCH");
        assertThat(server.asked().get(1).body()).isEqualTo("{\"action\":\"resume\",\"projection\":\"books\"}");
        assertThat(printed.toString()).isEqualTo("books: no differences\n");
    }

    @Test
    void what_makes_no_sense_is_refused_with_the_reason() {
        server.answersJson(page(replay(books("done", 1, false, "", ""))))
                .answersProblem(
                        409, PROBLEM.formatted(409, "action-not-possible", "nothing is being replayed", ""), Map.of());

        assertThat(run("replay", "pause", "books")).isEqualTo(1);

        assertThat(printed.toString()).isEqualTo("books: nothing is being replayed\n");
    }

    @Test
    void a_ledger_that_somebody_gives_up_meanwhile_is_told() {
        String ledgers =
                "{\"projection\": \"books\", \"state\": \"%s\", \"dryRun\": false, \"events\": 5, \"behind\": 5,"
                        + " \"rate\": 0.0, \"ledgers\": 1, \"actions\": []}";
        String acme = "{\"projection\": \"books\", \"ledger\": \"acme\", \"state\": \"requested\", \"reached\": 0,"
                + " \"events\": 5, \"behind\": 5, \"rate\": 0.0, \"actions\": [\"pause\", \"discard\"]}";
        String gone = PROBLEM.formatted(404, "replay-not-found", "there is no replay", "");
        server.answersJson(replay(ledgers.formatted("requested")))
                .answersJson(page(acme))
                .answersJson(replay(ledgers.formatted("running")))
                .answersProblem(404, gone, Map.of())
                .answersProblem(404, gone, Map.of());

        assertThat(run("replay", "books", "--ledger", "acme")).isEqualTo(1);

        assertThat(printed.toString())
                .startsWith("books: ledger acme is given up: ")
                .contains("'./daybook replay books --ledger acme' posts it anew");
    }

    @Test
    void one_ledger_is_given_up_while_another_of_the_same_replay_goes_on() {
        String two =
                "{\"projection\": \"books\", \"state\": \"running\", \"dryRun\": false, \"events\": 5, \"behind\": 5,"
                        + " \"rate\": 0.0, \"ledgers\": 2, \"actions\": [\"pause\", \"discard\"]}";
        String one = "{\"projection\": \"books\", \"ledger\": \"%s\", \"state\": \"running\", \"reached\": 0,"
                + " \"events\": 5, \"behind\": 5, \"rate\": 0.0, \"actions\": [\"pause\", \"discard\"]}";
        server.answersJson(page(replay(two)))
                .answersJson(page(one.formatted("acme") + "," + one.formatted("other")))
                .answersJson(replay(two))
                .answersJson(replay(two))
                .answersJson(page(one.formatted("other")));

        assertThat(run("replay", "discard", "books", "--ledger", "acme")).isZero();

        assertThat(server.asked().get(2).body())
                .isEqualTo("{\"action\":\"discard\",\"projection\":\"books\",\"ledger\":\"acme\"}");
        assertThat(printed.toString())
                .startsWith("books: ledger acme is given up")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            done   | filled again     | 0
            failed | Kafka has more   | 1
            """)
    void a_republication_is_watched_to_its_end(String state, String detail, int status) {
        String republication = "{\"id\": \"" + ID + "\", \"state\": \"%s\", \"events\": 5, \"behind\": 0%s}";
        server.answersProblem(
                        409,
                        PROBLEM.formatted(
                                409,
                                "operation-in-progress",
                                "it is being filled",
                                ", \"republication\": \"" + ID + "\""),
                        Map.of())
                .answersJson(republication.formatted("running", ""))
                .answersJson(republication.formatted(state, ", \"detail\": \"" + detail + "\""));

        assertThat(run("republish")).isEqualTo(status);

        assertThat(printed.toString()).isEqualTo(detail + "\n");
    }
}
