package io.daybook.projections.projection;

import io.daybook.events.Amount;
import java.math.BigInteger;

/**
 * What ever came in and went out of an account in an asset. A balance keeps within the range of {@link Amount}, what goes
 * through an account in its life does not.
 *
 * @param input never negative
 * @param output never negative
 */
public record Turnover(BigInteger input, BigInteger output) {

    public static final Turnover NONE = new Turnover(BigInteger.ZERO, BigInteger.ZERO);

    public Turnover in(Amount amount) {
        return new Turnover(input.add(amount.toBigInteger()), output);
    }

    public Turnover out(Amount amount) {
        return new Turnover(input, output.add(amount.toBigInteger()));
    }

    public BigInteger balance() {
        return input.subtract(output);
    }
}
