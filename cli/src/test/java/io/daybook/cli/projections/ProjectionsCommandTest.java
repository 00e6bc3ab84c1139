package io.daybook.cli.projections;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.client.AnsweringServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProjectionsCommandTest {

    private static final String WELL = """
            {"name": "audit", "generation": 2, "state": "running", "lagEvents": 0, "lagMillis": 0, "rate": 12.5,
             "parked": 0, "incomplete": 0%s}
            """;

    private static final String PARKED = """
            {"name": "books", "generation": 1, "state": "running", "lagEvents": 1234, "lagMillis": 5, "rate": 0.0,
             "parked": 8, "incomplete": null, "sequence": 1, "parkedLedgers": [{"ledger": "acme", "sequence": 2, "events": 8,
             "reason": "event 2 of ledger acme cannot be read", "since": "2026-01-31T09:00:00Z"}]}
            """;

    private final StringWriter printed = new StringWriter();

    private int run(AnsweringServer server, String... options) {
        CommandLine command = new CommandLine(new ProjectionsCommand()).setOut(new PrintWriter(printed));
        String[] line = new String[options.length + 2];
        line[0] = "--url";
        line[1] = server.uri().toString();
        System.arraycopy(options, 0, line, 2, options.length);
        return command.execute(line);
    }

    @Test
    void all_that_are_well_are_told_in_a_table() {
        try (AnsweringServer server = new AnsweringServer().answersJson("{\"data\":[" + WELL.formatted("") + "]}")) {
            assertThat(run(server)).isZero();
        }

        assertThat(printed.toString()).containsPattern("audit +2  running +0 +0 +12\\.5 +0 +0\n");
        assertThat(printed.toString()).doesNotContain("parked at");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"state": "due", "from": 1, "to": 2} | rebuild due: audit is in format 1, and its rebuild in format 2 begins by itself
            {"state": "running", "from": 1, "to": 2, "events": 5000, "behind": 1234} | goes on beside it, 1,234 of 5,000 events left
            {"state": "paused", "from": 1, "to": 2, "events": 5, "behind": 0, "detail": "not exchanged, as it is wrong"} | not exchanged, as it is wrong
            {"state": "paused", "from": 1, "to": 2, "events": 5, "behind": 0, "detail": "-"} | './daybook replay resume audit'
            {"state": "given-up", "from": 1, "to": 2, "detail": "discarded"} | was given up (discarded); './daybook replay audit' begins it again
            """)
    void a_rebuild_after_an_upgrade_is_told(String rebuild, String told) {
        try (AnsweringServer server =
                new AnsweringServer().answersJson("{\"data\":[" + WELL.formatted(", \"rebuild\": " + rebuild) + "]}")) {
            assertThat(run(server)).isZero();
        }

        assertThat(printed.toString()).contains(told);
    }

    @Test
    void what_is_parked_is_told_with_its_reason_and_what_to_do() {
        try (AnsweringServer server = new AnsweringServer()
                .answersJson("{\"data\":[" + WELL.formatted(", \"sequence\": null") + "," + PARKED + "]}")) {
            assertThat(run(server, "--ledger", "acme")).isEqualTo(1);
            assertThat(server.asked().getFirst().pathAndQuery()).isEqualTo("/v1/projections?ledger=acme");
        }

        assertThat(printed.toString())
                .contains("sequence of acme")
                .containsPattern("audit .*not there")
                .containsPattern("books +1  running +1,234 +5 +0\\.0 +8 +unknown  1\n")
                .contains("books of ledger acme: parked at event 2, 8 waiting, since 2026-01-31T09:00:00Z")
                .contains("event 2 of ledger acme cannot be read")
                .contains("./daybook replay");
    }

    @Test
    void ledgers_that_are_incomplete_are_counted_and_not_well() {
        String incomplete = WELL.formatted("").replace("\"incomplete\": 0", "\"incomplete\": 3");
        try (AnsweringServer server = new AnsweringServer().answersJson("{\"data\":[" + incomplete + "]}")) {
            assertThat(run(server)).isEqualTo(1);
        }

        assertThat(printed.toString())
                .containsPattern("audit +2  running +0 +0 +12\\.5 +0 +3\n")
                .contains("healed from the event store by themselves");
    }
}
