package io.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DaybookTest {

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

    @Test
    void the_help_has_what_is_typed_as_it_is_typed() {
        assertThat(run("replay", "--help")).isZero();
        assertThat(printed.toString()).contains("balances, books, audit, all.", "kafka, store. Default: kafka.");
    }
}
