package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.query.request.Json;
import java.util.SortedMap;

/**
 * An account as the contract shows it.
 *
 * @param balances by asset
 * @param sequence the ledger's sequence that it is told of
 */
record AccountView(AccountAddress account, SortedMap<String, AmountsView> balances, Json metadata, long sequence) {}
