package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The address of an account in its ledger: segments of {@code [A-Za-z0-9_-]+} joined by colons, at most 255 characters,
 * such as {@code users:42:wallet}.
 */
public record AccountAddress(@JsonValue String value) implements Comparable<AccountAddress> {

    /** The longest address, in characters. */
    public static final int MAX_LENGTH = 255;

    /**
     * The one account that exists in every ledger and may go below zero without limit: where money comes from and goes
     * to.
     */
    public static final AccountAddress WORLD = new AccountAddress("world");

    /**
     * @throws IllegalArgumentException if {@code value} does not have the form above
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AccountAddress {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException(
                    "an account is segments of letters, digits, '_' and '-' joined by ':', at most 255 characters");
        }
    }

    private static boolean isWellFormed(String value) {
        if (value.length() > MAX_LENGTH) {
            return false;
        }
        boolean segmentIsEmpty = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ':') {
                if (segmentIsEmpty) {
                    return false;
                }
                segmentIsEmpty = true;
            } else if (isSegmentCharacter(c)) {
                segmentIsEmpty = false;
            } else {
                return false;
            }
        }
        return !segmentIsEmpty;
    }

    private static boolean isSegmentCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    /** Whether this is {@link #WORLD}. */
    public boolean isWorld() {
        return value.equals("world");
    }

    @Override
    public int compareTo(AccountAddress other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
