package io.daybook.query.accounts;

import io.daybook.events.Asset;
import io.daybook.query.store.AccountSettings;
import java.math.BigInteger;

/**
 * What an account has of one asset. All that ever came in can be more than the largest amount, so it is told as digits.
 *
 * @param held set apart by holds
 * @param available what may be spent, or that it is unlimited
 * @param input all that ever came in
 * @param output all that ever went out
 */
record AmountsView(String balance, String held, String available, String input, String output) {

    static AmountsView of(
            String asset, BigInteger input, BigInteger output, BigInteger held, AccountSettings settings) {
        BigInteger balance = input.subtract(output);
        return new AmountsView(
                balance.toString(),
                held.toString(),
                settings.available(new Asset(asset), balance.subtract(held)),
                input.toString(),
                output.toString());
    }
}
