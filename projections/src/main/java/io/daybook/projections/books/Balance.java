package io.daybook.projections.books;

import io.daybook.events.Amount;
import io.daybook.projections.feed.Turnover;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an account has of an asset.
 *
 * @param turnover its balance is the account's
 * @param held set aside by holds; never negative
 * @param heldAt when that was changed last, or null if it never was
 */
record Balance(Turnover turnover, BigInteger held, @Nullable Instant heldAt) {

    static final Balance NONE = new Balance(Turnover.NONE, BigInteger.ZERO, null);

    Balance in(Amount amount) {
        return new Balance(turnover.in(amount), held, heldAt);
    }

    Balance out(Amount amount) {
        return new Balance(turnover.out(amount), held, heldAt);
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
        return new Balance(turnover, now, heldAt == null || recordedAt.isAfter(heldAt) ? recordedAt : heldAt);
    }
}
