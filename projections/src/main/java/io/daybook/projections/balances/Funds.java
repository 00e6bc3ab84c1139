package io.daybook.projections.balances;

import io.daybook.events.Amount;
import io.daybook.projections.projection.Turnover;
import java.math.BigInteger;

/**
 * What an account has of an asset.
 *
 * @param turnover its balance is the account's
 * @param held set aside by holds; never negative. Many holds together may come to more than the range of {@link Amount}
 */
record Funds(Turnover turnover, BigInteger held) {

    /** From decimal digits. */
    static Funds of(String input, String output, String held) {
        return new Funds(new Turnover(new BigInteger(input), new BigInteger(output)), new BigInteger(held));
    }

    Funds in(Amount amount) {
        return new Funds(turnover.in(amount), held);
    }

    Funds out(Amount amount) {
        return new Funds(turnover.out(amount), held);
    }

    Funds hold(Amount amount) {
        return new Funds(turnover, held.add(amount.toBigInteger()));
    }

    /**
     * @throws IllegalStateException if more is released than is held: then the history is not what a ledger writes
     */
    Funds release(Amount amount) {
        BigInteger left = held.subtract(amount.toBigInteger());
        if (left.signum() < 0) {
            throw new IllegalStateException(amount + " is to be released, but only " + held + " is held");
        }
        return new Funds(turnover, left);
    }
}
