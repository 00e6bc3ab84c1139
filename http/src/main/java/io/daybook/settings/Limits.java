package io.daybook.settings;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** The bounds of what may be set. What is not within them stops the start, with the property, its value and the bounds. */
public final class Limits {

    private static final List<ChronoUnit> UNITS = List.of(
            ChronoUnit.DAYS,
            ChronoUnit.HOURS,
            ChronoUnit.MINUTES,
            ChronoUnit.SECONDS,
            ChronoUnit.MILLIS,
            ChronoUnit.MICROS);

    private Limits() {}

    /**
     * @param least the smallest value that is taken
     * @param most the largest one
     * @throws IllegalArgumentException if the value is neither of them nor between them
     */
    public static void within(String property, long value, long least, long most) {
        if (value < least || value > most) {
            throw refusal(property, Long.toString(value), "from " + least + " to " + most);
        }
    }

    /**
     * @param least the smallest value that is taken
     * @param most the largest one
     * @throws IllegalArgumentException if the value is neither of them nor between them
     */
    public static void within(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw refusal(property, text(value), "from " + text(least) + " to " + text(most));
        }
    }

    /**
     * @param least the smallest value that is taken
     * @param most the largest one
     * @throws IllegalArgumentException if the value is neither of them nor between them
     */
    public static void within(String property, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw refusal(property, Double.toString(value), "from " + least + " to " + most);
        }
    }

    /** As it is written in a file of properties: in the largest unit that leaves nothing over, such as {@code 500ms}. */
    private static String text(Duration value) {
        ChronoUnit unit = UNITS.stream()
                .filter(candidate -> value.equals(Duration.of(value.dividedBy(candidate.getDuration()), candidate)))
                .findFirst()
                .orElse(ChronoUnit.NANOS);
        return DurationStyle.SIMPLE.print(value, unit);
    }

    /**
     * @param example of what it could be
     * @throws IllegalArgumentException if nothing is set
     */
    public static void given(String property, String value, String example) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(property + " is not set; it is needed, such as " + example);
        }
    }

    private static IllegalArgumentException refusal(String property, String value, String bounds) {
        return new IllegalArgumentException(property + " is " + value + "; it has to be " + bounds);
    }
}
