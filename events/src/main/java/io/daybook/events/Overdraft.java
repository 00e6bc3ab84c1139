package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far below zero an account may go. In JSON either {@code "unlimited"} or an object of assets and amounts, such as
 * <code>{"USD/2": "50000"}</code>; an asset that is not named may not go below zero.
 */
public sealed interface Overdraft {

    /** No balance of the account may be negative. */
    Overdraft NONE = new Limited(Map.of());

    Overdraft UNLIMITED = new Unlimited();

    /** What {@link Unlimited} is called in JSON. */
    String UNLIMITED_NAME = "unlimited";

    @JsonValue
    Object json();

    /** How low a balance may go: zero or less, or null for no bound. */
    @Nullable Amount floor(Asset asset);

    /**
     * Reads the JSON form.
     *
     * @throws IllegalArgumentException if it is neither of the two forms, or an amount is negative
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Overdraft ofJson(Object json) {
        return switch (json) {
            case String text when text.equals(UNLIMITED_NAME) -> UNLIMITED;
            case Map<?, ?> map -> {
                Map<Asset, Amount> limits = new TreeMap<>();
                map.forEach((asset, amount) -> limits.put(new Asset((String) asset), amount(amount)));
                yield new Limited(limits);
            }
            default ->
                throw new IllegalArgumentException(
                        "an overdraft is \"unlimited\" or an object of assets and amounts, such as {\"USD/2\": \"50000\"}");
        };
    }

    private static Amount amount(Object json) {
        return switch (json) {
            case String text -> Amount.parse(text);
            case Integer number -> Amount.of(number);
            case Long number -> Amount.of(number);
            case BigInteger number -> Amount.of(number);
            case null, default ->
                throw new IllegalArgumentException("an overdraft's amount is a whole number or a string of digits");
        };
    }

    /** The account may go below zero without limit, in every asset. */
    record Unlimited() implements Overdraft {
        @Override
        public Object json() {
            return UNLIMITED_NAME;
        }

        @Override
        public @Nullable Amount floor(Asset asset) {
            return null;
        }
    }

    /**
     * @param limits how far each asset's balance may go below zero; zero or more, sorted by asset
     */
    record Limited(Map<Asset, Amount> limits) implements Overdraft {

        public Limited {
            if (limits.values().stream().anyMatch(Amount::isNegative)) {
                throw new IllegalArgumentException("an overdraft's amount is not negative");
            }
            limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        }

        @Override
        public Object json() {
            return limits;
        }

        @Override
        public Amount floor(Asset asset) {
            return limits.getOrDefault(asset, Amount.ZERO).negated();
        }
    }
}
