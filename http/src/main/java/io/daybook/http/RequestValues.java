package io.daybook.http;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads values of paths, queries, headers and bodies; what is not of the contract's form ends the request. */
public final class RequestValues {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final int UUID_LENGTH = 36;

    /** The most rows of a page. */
    public static final int MAX_LIMIT = 1_000;

    /** How many rows a page has if nothing is said of it. */
    public static final int DEFAULT_LIMIT = 50;

    /** As many as every long can hold. */
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");

    private RequestValues() {}

    /**
     * The parameters of the query, by name, as often as they are given.
     *
     * @throws ProblemException {@code malformed-request} if they cannot be decoded
     */
    public static Map<String, String[]> parameters(HttpServletRequest request) {
        try {
            return request.getParameterMap();
        } catch (IllegalStateException e) {
            // So the servlet container tells of what it cannot decode.
            throw new ProblemException(
                    ProblemCode.MALFORMED_REQUEST, "the query string is not UTF-8, percent-encoded, or has too much");
        }
    }

    public static LedgerId ledger(String text) {
        return read("ledger", text, LedgerId::new);
    }

    public static AccountAddress account(String field, String text) {
        return read(field, text, AccountAddress::new);
    }

    public static Asset asset(String field, String text) {
        return read(field, text, Asset::new);
    }

    public static UUID uuid(String field, String text) {
        return read(field, text, t -> {
            // UUID.fromString takes shorter groups too, and would make two names of one id.
            if (t.length() != UUID_LENGTH) {
                throw new IllegalArgumentException("an id is a UUID of 36 characters");
            }
            return UUID.fromString(t);
        });
    }

    /** An RFC 3339 time between the years 1 and 9999, cut to microseconds. */
    public static Instant time(String field, String text) {
        try {
            Instant time = OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toInstant()
                    .truncatedTo(ChronoUnit.MICROS);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw ProblemException.invalidField(field, "a time lies between the years 1 and 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw ProblemException.invalidField(
                    field, "a time is written as RFC 3339 has it, such as 2026-01-31T09:00:00Z");
        }
    }

    /** A whole number between the two bounds, both included. */
    public static long number(String field, String text, long min, long max) {
        String expected = "is a whole number from " + min + " to " + max;
        long number = read(field, text, t -> {
            if (!DIGITS.matcher(t).matches()) {
                throw new IllegalArgumentException(expected);
            }
            return Long.parseLong(t);
        });
        if (number < min || number > max) {
            throw ProblemException.invalidField(field, expected);
        }
        return number;
    }

    /** How many rows of a list are wanted, at most: {@code limit}, or {@value #DEFAULT_LIMIT} if nothing is said of it. */
    public static int limit(@Nullable String text) {
        return text == null ? DEFAULT_LIMIT : (int) number("limit", text, 1, MAX_LIMIT);
    }

    /**
     * The parts of a cursor.
     *
     * @param form a group for each part
     */
    public static MatchResult cursor(String text, Pattern form) {
        Matcher parts = form.matcher(text);
        if (!parts.matches()) {
            throw ProblemException.invalidField("cursor", "is the 'next' of the page before");
        }
        return parts;
    }

    /** The value, which must be there. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw ProblemException.invalidField(field, "is required");
        }
        return value;
    }

    private static <T> T read(String field, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(field, e.getMessage());
        }
    }
}
