package io.daybook.cli.importing;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A first reading of the file, before anything is posted: how much there is, and which accounts must be allowed to go
 * below zero.
 *
 * <p>Those are all of the bank's, since money enters the ledger through them, and the clients whom the bank let overdraw
 * their accounts (six of the 1,139 in 1993). Every other client keeps the rule that an account cannot go below zero, so
 * that the import itself proves that none of them does.
 *
 * @param transactions how many lines
 * @param clients how many accounts of clients
 * @param overdrawn the accounts that must be allowed to go below zero
 */
record BerkaSurvey(long transactions, int clients, SortedSet<AccountAddress> overdrawn) {

    static BerkaSurvey of(BerkaFile file) {
        Map<Long, Amount> balances = new HashMap<>();
        Set<AccountAddress> overdrawn = new TreeSet<>();
        long[] transactions = {0};
        file.forEach(transaction -> {
            transactions[0]++;
            overdrawn.add(transaction.bank());
            Amount balance = balances.merge(transaction.clientAccount(), transaction.change(), Amount::plus);
            if (balance.isNegative()) {
                overdrawn.add(transaction.client());
            }
        });
        return new BerkaSurvey(
                transactions[0], balances.size(), Collections.unmodifiableSortedSet(new TreeSet<>(overdrawn)));
    }
}
