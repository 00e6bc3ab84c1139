package io.daybook.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void what_is_done_is_told_with_its_rate_and_time() {
        try (Progress progress = lines()) {
            progress.reached(14_000);
            progress.reached(28_205);
        }

        assertThat(written()).matches("Importing: 28,205 of 28,205 transactions, [0-9,]+/s, [0-9]+\\.[0-9] s\n");
    }

    @Test
    void what_was_not_finished_is_told_with_how_far_it_came() {
        try (Progress progress = lines()) {
            progress.reached(14_000);
        }

        assertThat(written()).matches("Importing: 14,000 of 28,205 transactions, [0-9,]+/s, [0-9,]+ s left\n");
    }

    @Test
    void what_else_there_is_to_tell_is_told_and_that_there_is_more_to_do() {
        try (Progress progress = lines()) {
            progress.reached(28_205, 30_000, "1,795 behind live");
        }

        assertThat(written())
                .matches("Importing: 28,205 of 30,000 transactions, [0-9,]+/s, [0-9,]+ s left; 1,795 behind live\n");
    }

    @Test
    void what_was_done_before_is_not_taken_for_speed() {
        try (Progress progress = lines(14_000)) {
            progress.reached(14_000);
        }

        assertThat(written()).isEqualTo("Importing: 14,000 of 28,205 transactions, 0/s\n");
    }

    private Progress lines() {
        return lines(0);
    }

    private Progress lines(long done) {
        return new Progress.Lines(
                "Importing", "transactions", 28_205, done, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
