package io.daybook.projections.books;

import io.daybook.events.Amount;
import io.daybook.projections.projection.Turnover;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an account has of an asset.
 *
 * @param number of it in these books: what its entries are of
 * @param turnover its balance is the account's
 * @param held set aside by holds; never negative
 * @param heldAt when that was changed last, or null if it never was
 * @param unfolded how many of its entries its days and hours do not have
 */
record Balance(
        long number,
        Turnover turnover,
        BigInteger held,
        @Nullable Instant heldAt,
        int unfolded) {

    /** That of an account which never had anything to do with the asset. */
    static Balance none(long number) {
        return new Balance(number, Turnover.NONE, BigInteger.ZERO, null, 0);
    }

    /** Whether it has never been anything. */
    boolean isNew() {
        return turnover.equals(Turnover.NONE) && heldAt == null;
    }

    Balance in(Amount amount) {
        return new Balance(number, turnover.in(amount), held, heldAt, unfolded + 1);
    }

    Balance out(Amount amount) {
        return new Balance(number, turnover.out(amount), held, heldAt, unfolded + 1);
    }

    /** All of its entries are in its days and hours. */
    Balance folded() {
        return new Balance(number, turnover, held, heldAt, 0);
    }

    /** A hold's time is never before that of the one before, or else the books at a time would not follow the journal. */
    Balance hold(Amount amount, Instant recordedAt) {
        return held(held.add(amount.toBigInteger()), recordedAt);
    }

    /**
     * @throws IllegalStateException if more is released than is held: then the history is not what a ledger writes
     */
    Balance release(Amount amount, Instant recordedAt) {
        BigInteger left = held.subtract(amount.toBigInteger());
        if (left.signum() < 0) {
            throw new IllegalStateException(amount + " is to be released, but only " + held + " is held");
        }
        return held(left, recordedAt);
    }

    private Balance held(BigInteger now, Instant recordedAt) {
        return new Balance(
                number, turnover, now, heldAt == null || recordedAt.isAfter(heldAt) ? recordedAt : heldAt, unfolded);
    }
}
