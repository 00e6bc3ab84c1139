package io.daybook.query.request;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters of a query. What the call does not know, or what is given twice, is refused and never ignored. */
public final class Parameters {

    private static final int MAX_METADATA_FILTERS = 10;
    private static final int MAX_METADATA_LENGTH = 4_360;
    private static final int SCOPE_BYTES = 8;

    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final String METADATA_START = "metadata[";
    private static final String METADATA_END = "]";

    private final String path;
    private final SortedMap<String, String> values;

    private Parameters(String path, SortedMap<String, String> values) {
        this.path = path;
        this.values = values;
    }

    /**
     * The parameters of a call that has no pages.
     *
     * @throws ProblemException {@code invalid-field} if there is one that is not among the known ones
     */
    public static Parameters of(HttpServletRequest request, String... known) {
        return read(request, Set.of(known), false);
    }

    /** The parameters of a list: besides its own it knows {@code limit} and {@code cursor}. */
    public static Parameters ofList(HttpServletRequest request, String... known) {
        return read(request, withPaging(known), false);
    }

    /** The parameters of a list that can be narrowed by {@code metadata[key]=value} too. */
    public static Parameters ofListWithMetadata(HttpServletRequest request, String... known) {
        return read(request, withPaging(known), true);
    }

    private static Set<String> withPaging(String... known) {
        String[] all = Arrays.copyOf(known, known.length + 2);
        all[known.length] = LIMIT;
        all[known.length + 1] = CURSOR;
        return Set.of(all);
    }

    private static Parameters read(HttpServletRequest request, Set<String> known, boolean takesMetadata) {
        SortedMap<String, String> values = new TreeMap<>();
        RequestValues.parameters(request).forEach((name, given) -> {
            if (!known.contains(name) && !(takesMetadata && isMetadata(name))) {
                throw ProblemException.invalidField(
                        name, "is not a parameter of this query; known are " + names(known, takesMetadata));
            }
            if (given.length > 1) {
                throw ProblemException.invalidField(name, "is given " + given.length + " times; give it once");
            }
            if (name.indexOf('\0') >= 0 || given[0].indexOf('\0') >= 0) {
                throw ProblemException.invalidField(name, "has a character U+0000, which no value has");
            }
            values.put(name, given[0]);
        });
        return new Parameters(request.getRequestURI(), values);
    }

    private static String names(Set<String> known, boolean takesMetadata) {
        if (known.isEmpty() && !takesMetadata) {
            return "none";
        }
        return String.join(", ", known.stream().sorted().toList()) + (takesMetadata ? ", metadata[…]" : "");
    }

    private static boolean isMetadata(String name) {
        return name.startsWith(METADATA_START)
                && name.endsWith(METADATA_END)
                && name.length() > METADATA_START.length() + METADATA_END.length();
    }

    /** The value as it was given. */
    public Optional<String> text(String name, int maxLength) {
        Optional<String> value = Optional.ofNullable(values.get(name));
        if (value.isPresent() && value.get().length() > maxLength) {
            throw ProblemException.invalidField(name, "has at most " + maxLength + " characters");
        }
        return value;
    }

    /** The value as it was given, which is not empty: where nothing is empty, that would look for nothing. */
    public Optional<String> someText(String name, int maxLength) {
        Optional<String> value = text(name, maxLength);
        if (value.isPresent() && value.get().isEmpty()) {
            throw ProblemException.invalidField(name, "has 1 to " + maxLength + " characters; leave it out to get all");
        }
        return value;
    }

    /** One of some words. */
    public Optional<String> oneOf(String name, String... words) {
        Optional<String> value = Optional.ofNullable(values.get(name));
        if (value.isPresent() && !List.of(words).contains(value.get())) {
            throw ProblemException.invalidField(name, "is one of " + String.join(", ", words));
        }
        return value;
    }

    public Optional<Instant> time(String name) {
        return Optional.ofNullable(values.get(name)).map(text -> RequestValues.time(name, text));
    }

    /**
     * The times from which, and before which, something is wanted.
     *
     * @throws ProblemException {@code invalid-field} if the first is after the second
     */
    public Span span() {
        Span span = new Span(time("from"), time("to"));
        if (span.from().isPresent()
                && span.to().isPresent()
                && span.from().get().isAfter(span.to().get())) {
            throw ProblemException.invalidField(
                    "from", "is not after 'to', which is " + span.to().get() + "; nothing can lie between them");
        }
        return span;
    }

    /**
     * A part of time.
     *
     * @param from the first moment of it
     * @param to the first moment behind it
     */
    public record Span(Optional<Instant> from, Optional<Instant> to) {}

    public OptionalLong number(String name, long min, long max) {
        String value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(RequestValues.number(name, value, min, max));
    }

    public Optional<AccountAddress> account(String name) {
        return Optional.ofNullable(values.get(name)).map(text -> RequestValues.account(name, text));
    }

    public Optional<Asset> asset(String name) {
        return Optional.ofNullable(values.get(name)).map(text -> RequestValues.asset(name, text));
    }

    /** With what an account's address begins; empty for all accounts. */
    public String prefix() {
        String prefix = text("prefix", AccountAddress.MAX_LENGTH).orElse("");
        if (!prefix.matches("[A-Za-z0-9_:-]*")) {
            throw ProblemException.invalidField(
                    "prefix", "is the beginning of an account: letters, digits, '_', '-' and ':'");
        }
        return prefix;
    }

    /** What the metadata must have, by key; empty if anything will do. */
    public Map<String, String> metadata() {
        SortedMap<String, String> metadata = new TreeMap<>();
        values.forEach((name, value) -> {
            if (isMetadata(name)) {
                if (name.length() + value.length() > MAX_METADATA_LENGTH) {
                    throw ProblemException.invalidField(
                            METADATA_START + "…" + METADATA_END,
                            "key and value have at most " + MAX_METADATA_LENGTH + " characters together");
                }
                metadata.put(name.substring(METADATA_START.length(), name.length() - METADATA_END.length()), value);
            }
        });
        if (metadata.size() > MAX_METADATA_FILTERS) {
            throw ProblemException.invalidField(
                    METADATA_START + "…" + METADATA_END, "is given for at most " + MAX_METADATA_FILTERS + " keys");
        }
        return metadata;
    }

    /** How many rows are wanted, at most. */
    public int limit() {
        return RequestValues.limit(values.get(LIMIT));
    }

    /**
     * Where the page before ended.
     *
     * @param size how many values the cursors of this list have
     */
    public Optional<Cursor> cursor(int size) {
        return Optional.ofNullable(values.get(CURSOR)).map(text -> Cursor.read(CURSOR, text, scope(), size));
    }

    /** A cursor of this list, after which its next page begins. */
    public Cursor cursorAfter(Object... position) {
        return new Cursor(scope(), Arrays.stream(position).map(Object::toString).toList());
    }

    /** Names this list with all that narrows it: a cursor of one list says nothing in another. */
    private String scope() {
        StringBuilder list = new StringBuilder(path);
        values.forEach((name, value) -> {
            if (!name.equals(LIMIT) && !name.equals(CURSOR)) {
                list.append('\0').append(name).append('\0').append(value);
            }
        });
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(list.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, SCOPE_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
