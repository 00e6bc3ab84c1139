package io.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.installation.Stores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaybookTest {

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return Daybook.commandLine()
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }

    @Test
    void a_wrong_call_is_told_in_a_line_with_where_the_help_is() {
        assertThat(run("replay", "book")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("expected one of [balances, books, audit, all]", "but was 'book'")
                .endsWith("'./daybook replay --help' tells how it is called.\n")
                .hasLineCount(2);
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void an_option_that_is_spelled_wrongly_is_told_with_what_may_be_meant() {
        assertThat(run("replay", "books", "--paralel=2")).isEqualTo(2);
        assertThat(errors.toString()).contains("Unknown option: '--paralel=2'", "--parallel");
    }

    @Test
    void without_a_command_they_are_listed() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors.toString()).startsWith("Which command?").contains("checkpoint");
    }

    /** The folder knows how the stores were reached when it was up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify --data DATA",
                "verify --against books --data DATA",
                "checkpoint --data DATA",
                "replay books --data DATA",
                "replay --data DATA status",
                "republish --data DATA",
                "projections --data DATA"
            })
    void while_it_is_down_what_needs_the_stores_says_so_and_how_it_is_started(String command) {
        Stores.write(
                folder,
                Map.of(
                        "daybook.books.jdbc-url", "jdbc:postgresql://127.0.0.1:1/books",
                        "daybook.books.username", "daybook",
                        "daybook.books.password", "daybook",
                        "daybook.event-store.jdbc-url", "jdbc:postgresql://127.0.0.1:1/events",
                        "daybook.event-store.username", "daybook",
                        "daybook.event-store.password", "daybook",
                        "daybook.kafka.bootstrap-servers", "127.0.0.1:1",
                        "daybook.elasticsearch.uri", "http://127.0.0.1:1"));

        assertThat(run(command.replace("DATA", folder.toString()).split(" "))).isEqualTo(1);

        assertThat(printed.toString()).isEmpty();
        assertThat(errors.toString())
                .startsWith("No Daybook runs in " + folder)
                .contains("'./daybook up'")
                .hasLineCount(2);
    }

    @Test
    void the_help_has_what_is_typed_as_it_is_typed() {
        assertThat(run("replay", "--help")).isZero();
        assertThat(printed.toString()).contains("balances, books, audit, all.", "kafka, store. Default: kafka.");
    }
}
