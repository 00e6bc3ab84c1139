package io.daybook.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final long FROM = Instant.parse("-0001-01-01T00:00:00Z").getEpochSecond();
    private static final long UNTIL = Instant.parse("+10001-01-01T00:00:00Z").getEpochSecond();
    private static final int[] UNITS = {1, 1_000, 1_000_000, 1_000_000_000};

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_time_is_read_as_it_was_written(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int unit = UNITS[random.nextInt(UNITS.length)];
        Instant time =
                Instant.ofEpochSecond(random.nextLong(FROM, UNTIL), random.nextInt(1_000_000_000) / unit * (long) unit);

        assertThat(Times.parse(Times.text(time))).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T23:59:59Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "2026-01-31T24:00:00Z",
                "2026-01-31T25:00:00Z",
                "2026-01-31T12:60:00Z",
                "2026-06-30T23:59:60Z",
                "2026-01-31T12:00:00.Z",
                "2026-01-31T12:00:00.1Z",
                "2026-01-31T12:00:00.000000001Z",
                "2026-01-31T12:00:00.0000000001Z",
                "2026-01-31T12:00:00.-1Z",
                "2026-01-31T12:00:00+01:00",
                "2026-01-31T12:00:00.5+01:00",
                "2026-01-31T12:00Z",
                "2026-01-31T12:00:00z",
                "2026-01-31t12:00:00Z",
                "2026-01-31 12:00:00Z",
                "2026-01-31T1:200:00Z",
                "2026-01-31T12:00:00ZZ",
                "-2026-01-31T12:00:00Z",
                "12026-01-31T12:00:00Z",
                "٢026-01-31T12:00:00Z",
                ""
            })
    void a_text_is_what_instant_takes_it_for(String text) {
        assertThat(outcome(text, Times::parse)).isEqualTo(outcome(text, Instant::parse));
    }

    private static Object outcome(String text, Function<String, Instant> parse) {
        try {
            return parse.apply(text);
        } catch (DateTimeException e) {
            return e.getMessage();
        }
    }
}
