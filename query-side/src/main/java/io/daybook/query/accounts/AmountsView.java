package io.daybook.query.accounts;

import java.math.BigInteger;

/**
 * What an account has of one asset. All that ever came in can be more than the largest amount, so it is told as digits.
 *
 * @param held set apart by holds; nothing as long as there are none
 * @param available balance − held
 * @param input all that ever came in
 * @param output all that ever went out
 */
record AmountsView(String balance, String held, String available, String input, String output) {

    static AmountsView of(BigInteger input, BigInteger output) {
        String balance = input.subtract(output).toString();
        return new AmountsView(balance, "0", balance, input.toString(), output.toString());
    }
}
