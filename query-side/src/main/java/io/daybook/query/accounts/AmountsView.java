package io.daybook.query.accounts;

import java.math.BigInteger;

/**
 * What an account has of one asset. All that ever came in can be more than the largest amount, so it is told as digits.
 *
 * @param held set apart by holds
 * @param available balance − held
 * @param input all that ever came in
 * @param output all that ever went out
 */
record AmountsView(String balance, String held, String available, String input, String output) {

    static AmountsView of(BigInteger input, BigInteger output) {
        return of(input, output, BigInteger.ZERO);
    }

    static AmountsView of(BigInteger input, BigInteger output, BigInteger held) {
        BigInteger balance = input.subtract(output);
        return new AmountsView(
                balance.toString(),
                held.toString(),
                balance.subtract(held).toString(),
                input.toString(),
                output.toString());
    }
}
