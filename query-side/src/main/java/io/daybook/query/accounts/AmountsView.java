package io.daybook.query.accounts;

import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Available;
import io.daybook.events.Overdraft;
import io.daybook.stores.StoredAccountSettings;
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
            String asset, BigInteger input, BigInteger output, BigInteger held, StoredAccountSettings settings) {
        BigInteger balance = input.subtract(output);
        return new AmountsView(
                balance.toString(),
                held.toString(),
                available(new Asset(asset), settings, balance.subtract(held)),
                input.toString(),
                output.toString());
    }

    /**
     * What may be spent of an asset, as the contract tells it: digits, or that there is no bound. Of a closed account that is
     * nothing.
     *
     * @param unheld the balance less what is held
     */
    private static String available(Asset asset, StoredAccountSettings settings, BigInteger unheld) {
        if (settings.closed()) {
            return Amount.ZERO.toString();
        }
        Amount available = Available.of(asset, settings.overdraft(), settings.limits(), unheld);
        return available == null ? Overdraft.UNLIMITED_NAME : available.toString();
    }
}
