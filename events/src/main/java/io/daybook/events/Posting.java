package io.daybook.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One movement of money: {@code amount} of {@code asset} leaves {@code source} and reaches {@code destination}. As it
 * always has both ends, a ledger sums to zero at all times.
 *
 * @param amount never negative; zero only where "as much as is available" was nothing
 */
@JsonPropertyOrder({"amount", "asset", "destination", "source"})
public record Posting(AccountAddress source, AccountAddress destination, Asset asset, Amount amount) {

    /**
     * @throws IllegalArgumentException if the amount is negative, or source and destination are the same
     */
    public Posting {
        requireNonNull(asset, "a posting has an asset");
        if (amount.isNegative()) {
            throw new IllegalArgumentException("a posting's amount is not negative");
        }
        if (source.equals(destination)) {
            throw new IllegalArgumentException("a posting's source and destination differ");
        }
    }

    /** The posting that undoes this one. */
    public Posting opposite() {
        return new Posting(destination, source, asset, amount);
    }
}
