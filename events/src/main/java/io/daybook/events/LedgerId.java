package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a ledger: {@code [a-z][a-z0-9-]{0,62}}. It is the aggregate's identifier, the routing key in Kafka and the
 * key by which ledgers are spread over shards.
 */
public record LedgerId(@JsonValue String value) implements Comparable<LedgerId> {

    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 63;

    /**
     * @throws IllegalArgumentException if {@code value} does not have the form above
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public LedgerId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException(
                    "a ledger name is a lower-case letter followed by at most 62 of a-z, 0-9 and '-'");
        }
    }

    private static boolean isWellFormed(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isLowerCaseLetter(value.charAt(0))) {
            return false;
        }
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isLowerCaseLetter(c) && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerCaseLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    @Override
    public int compareTo(LedgerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
