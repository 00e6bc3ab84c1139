package io.daybook.command.intake;

import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Free texts of clients: bounded, and such that every store can hold them. */
public final class Texts {

    private static final int MAX_REFERENCE_LENGTH = 255;
    private static final int MAX_METADATA_ENTRIES = ChangeMetadata.MAX_ENTRIES;
    private static final int MAX_METADATA_KEY_LENGTH = 255;
    private static final int MAX_METADATA_VALUE_LENGTH = 4_096;
    private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private Texts() {}

    public static @Nullable String reference(String field, @Nullable String reference) {
        return reference == null ? null : text(field, reference, 1, MAX_REFERENCE_LENGTH);
    }

    public static @Nullable String region(String field, @Nullable String region) {
        if (region != null && !REGION.matcher(region).matches()) {
            throw ProblemException.invalidField(field, "has the form " + REGION);
        }
        return region;
    }

    /** A text that must be there. */
    public static String required(String field, String text, int maxLength) {
        return text(field, text, 1, maxLength);
    }

    /** The metadata; empty if there is none. */
    public static Map<String, String> metadata(String field, @Nullable Map<String, String> metadata) {
        if (metadata == null) {
            return Map.of();
        }
        if (metadata.size() > MAX_METADATA_ENTRIES) {
            throw ProblemException.invalidField(field, "has at most " + MAX_METADATA_ENTRIES + " entries");
        }
        metadata.forEach((key, value) -> {
            text(field, key, 1, MAX_METADATA_KEY_LENGTH);
            if (value == null) {
                throw ProblemException.invalidField(field + "." + key, "is a string");
            }
            text(field + "." + key, value, 0, MAX_METADATA_VALUE_LENGTH);
        });
        return metadata;
    }

    /** Changes of metadata: values to set, and null for what is to be removed. */
    public static Map<String, @Nullable String> changes(Map<String, @Nullable String> changes) {
        if (changes.isEmpty() || changes.size() > MAX_METADATA_ENTRIES) {
            throw ProblemException.invalidField("body", "names 1 to " + MAX_METADATA_ENTRIES + " keys");
        }
        changes.forEach((key, value) -> {
            text("body", key, 1, MAX_METADATA_KEY_LENGTH);
            if (value != null) {
                text(key, value, 0, MAX_METADATA_VALUE_LENGTH);
            }
        });
        return changes;
    }

    private static String text(String field, String text, int minLength, int maxLength) {
        if (text.length() < minLength || text.length() > maxLength) {
            throw ProblemException.invalidField(
                    field, "a text here has " + minLength + " to " + maxLength + " characters, not " + text.length());
        }
        // PostgreSQL has no U+0000 in texts, and half a surrogate pair is not Unicode.
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw ProblemException.invalidField(field, "a text has neither U+0000 nor unpaired surrogates");
        }
        return text;
    }
}
