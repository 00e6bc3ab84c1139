package io.daybook.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** The note of several projections that wait, as {@code replay} has it. */
    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80})
    void a_bar_has_its_note_in_whole_however_narrow_the_terminal_is(int width) {
        String note =
                "books 1,795 events behind, paused; audit 12,003 events behind, Elasticsearch cannot be reached at"
                        + " http://127.0.0.1:19200/a-very-long-path-that-is-longer-than-any-narrow-terminal-is-wide";
        String shorter = "books 1,701 events behind";
        Screen screen = new Screen(width);

        try (Progress progress = bar(width)) {
            progress.reached(450_000, 1_000_000, note);
            // The first that is drawn may be of just before, with the note already: the bar has a thread of its own.
            await().untilAsserted(() -> {
                List<String> drawn = screen.of(written());
                assertThat(drawn).hasSizeGreaterThan(2);
                assertThat(drawn.getFirst()).startsWith("Replaying  45%");
                assertThat(withoutSpaces(drawn.subList(1, drawn.size()))).isEqualTo(withoutSpaces(List.of(note)));
            });
            progress.reached(460_000, 1_000_000, shorter);
        }

        List<String> drawn = screen.of(written());
        assertThat(drawn).hasSize(2);
        assertThat(drawn.getFirst()).startsWith("Replaying  46%");
        assertThat(drawn.getLast()).isEqualTo(shorter);
    }

    private Progress bar(int width) {
        return new Progress.Bar("Replaying", 1_000_000, 0, new PrintStream(out, true, StandardCharsets.UTF_8), width);
    }

    private static String withoutSpaces(List<String> lines) {
        return String.join("", lines).replace(" ", "");
    }

    /** What a terminal shows of what was written to it. It does as told by what {@link Progress} writes, and by nothing else. */
    private record Screen(int width) {

        private static final Pattern TOLD = Pattern.compile("\r|\n|\033\\[(\\d+)F|\033\\[J|[^\r\n\033]");

        /** The lines that have something. */
        List<String> of(String written) {
            List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
            int line = 0;
            int column = 0;
            Matcher told = TOLD.matcher(written);
            while (told.find()) {
                switch (told.group()) {
                    case "\r" -> column = 0;
                    case "\n" -> {
                        line++;
                        column = 0;
                    }
                    case "\033[J" -> {
                        lines.get(line).setLength(column);
                        lines.subList(line + 1, lines.size()).clear();
                    }
                    default -> {
                        if (told.group(1) != null) {
                            line -= Integer.parseInt(told.group(1));
                            column = 0;
                        } else {
                            if (column == width) {
                                line++;
                                column = 0;
                            }
                            lines.get(line).replace(column, ++column, told.group());
                        }
                    }
                }
                while (line >= lines.size()) {
                    lines.add(new StringBuilder());
                }
            }
            return lines.stream()
                    .map(Object::toString)
                    .filter(shown -> !shown.isBlank())
                    .toList();
        }
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
