package io.daybook.query.balances;

import io.daybook.events.LedgerId;
import java.util.SortedMap;

/**
 * Sums over all accounts whose address begins with a prefix.
 *
 * @param balances by asset
 * @param sequence the ledger's sequence that they are told of
 */
record BalancesView(LedgerId ledger, String prefix, SortedMap<String, SumView> balances, long sequence) {

    /** What the accounts have together; sums have no bound, so they are told as digits. */
    record SumView(String balance, String input, String output) {}
}
