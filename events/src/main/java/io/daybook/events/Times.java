package io.daybook.events;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Times as text, as {@link Instant} has them. Events of one batch have the same time, and to format it for each took a
 * twentieth of a writer's time; to parse two times of each event took a quarter of what reads them.
 */
public final class Times {

    private record Formatted(Instant time, String text) {}

    /** {@code 2026-01-31T12:00:00}, after which come a fraction, or none, and {@code Z}. */
    private static final int LENGTH_TO_SECONDS = 19;

    private static final int MAX_FRACTION_DIGITS = 9;
    private static final int SECONDS_OF_A_DAY = 86_400;

    private static volatile @Nullable Formatted last;

    private Times() {}

    /** As {@link Instant#toString}. */
    public static String text(Instant time) {
        Formatted known = last;
        if (known == null || known.time() != time) {
            known = new Formatted(time, time.toString());
            last = known;
        }
        return known.text();
    }

    /**
     * As {@link Instant#parse}, which is left what is not of the form that {@link Instant#toString} gives in the years from
     * 0 to 9999.
     *
     * @throws java.time.format.DateTimeParseException if the text is no time
     */
    public static Instant parse(String text) {
        Instant time = parsePlain(text);
        return time == null ? Instant.parse(text) : time;
    }

    private static @Nullable Instant parsePlain(String text) {
        int end = text.length() - 1;
        if (end < LENGTH_TO_SECONDS
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || text.charAt(end) != 'Z') {
            return null;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, LENGTH_TO_SECONDS);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > YearMonth.of(year, month).lengthOfMonth()) {
            return null;
        }
        // Midnight as 24:00 and leap seconds are rare enough.
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return null;
        }
        int nanos = end == LENGTH_TO_SECONDS ? 0 : fraction(text, end);
        if (nanos < 0) {
            return null;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(days * SECONDS_OF_A_DAY + (hour * 60L + minute) * 60 + second, nanos);
    }

    /** In nanoseconds; negative if it is not a fraction. */
    private static int fraction(String text, int end) {
        int from = LENGTH_TO_SECONDS + 1;
        if (text.charAt(LENGTH_TO_SECONDS) != '.' || end == from || end - from > MAX_FRACTION_DIGITS) {
            return -1;
        }
        int nanos = digits(text, from, end);
        for (int i = end - from; i < MAX_FRACTION_DIGITS && nanos > 0; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** The number that they are; negative if one of them is something else. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
