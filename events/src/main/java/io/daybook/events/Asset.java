package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What is counted: a code of {@code [A-Z][A-Z0-9]{0,15}}, and after a slash the number of decimals of its smallest unit,
 * such as {@code USD/2}, {@code BTC/8} or {@code POINTS}. Two assets are the same only if their whole names are.
 */
public record Asset(@JsonValue String name) implements Comparable<Asset> {

    private static final int MAX_CODE_LENGTH = 16;

    /**
     * @throws IllegalArgumentException if {@code name} does not have the form above
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Asset {
        if (!isWellFormed(name)) {
            throw new IllegalArgumentException(
                    "an asset is a code of at most 16 characters of A-Z and 0-9 that begins with a letter,"
                            + " and may have '/' and one or two digits of decimals after it, such as USD/2");
        }
    }

    private static boolean isWellFormed(String name) {
        int slash = name.indexOf('/');
        int codeLength = slash < 0 ? name.length() : slash;
        if (codeLength == 0 || codeLength > MAX_CODE_LENGTH || !isUpperCaseLetter(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < codeLength; i++) {
            if (!isUpperCaseLetter(name.charAt(i)) && !isDigit(name.charAt(i))) {
                return false;
            }
        }
        if (slash < 0) {
            return true;
        }
        int decimals = name.length() - slash - 1;
        return (decimals == 1 || decimals == 2)
                && isDigit(name.charAt(slash + 1))
                && isDigit(name.charAt(name.length() - 1));
    }

    private static boolean isUpperCaseLetter(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The name without its decimals: {@code USD} of {@code USD/2}. */
    public String code() {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    /** How many decimals the smallest unit has: 2 of {@code USD/2}, 0 of {@code POINTS}. At most 99. */
    public int decimals() {
        int slash = name.indexOf('/');
        return slash < 0 ? 0 : Integer.parseInt(name, slash + 1, name.length(), 10);
    }

    @Override
    public int compareTo(Asset other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
