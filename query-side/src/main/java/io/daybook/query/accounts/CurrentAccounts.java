package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Reading;
import io.daybook.query.request.Reading.Behind;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.RedisBalances;
import io.daybook.query.store.RedisBalances.Stored;
import io.daybook.query.store.RedisBalances.StoredAccount;
import io.daybook.stores.StoredAccountSettings;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Accounts as they are, from Redis; from the books if Redis cannot be read, or does not have them, or not all of them, and will
 * not.
 */
class CurrentAccounts {

    private final RedisBalances balances;
    private final BooksReplicas books;

    CurrentAccounts(RedisBalances balances, BooksReplicas books) {
        this.balances = balances;
        this.books = books;
    }

    Seen<AccountView> read(LedgerId ledger, AccountAddress account, Freshness freshness) {
        return freshness.await(ledger, () -> look(ledger, account, freshness));
    }

    private Reading<AccountView> look(LedgerId ledger, AccountAddress account, Freshness freshness) {
        Stored stored = balances.account(ledger, account).orElse(null);
        if (stored != null && stored.sequence() != null) {
            long sequence = stored.sequence();
            boolean isMet = freshness.isMetBy(sequence);
            if (!isMet
                    && balances.progress()
                            .obstacle(ledger, freshness.sequence())
                            .isEmpty()) {
                return new Behind<>(sequence, balances.progress());
            }
            if (isMet && stored.account() != null && stored.account().settings() != null) {
                return new Seen<>(
                        sequence,
                        view(account, stored.account(), stored.account().settings(), sequence));
            }
        }
        return books.look(ledger, freshness, (jdbc, sequence) -> AccountQueries.now(jdbc, ledger, account, sequence));
    }

    private static AccountView view(
            AccountAddress account, StoredAccount stored, StoredAccountSettings settings, long sequence) {
        SortedMap<String, AmountsView> amounts = new TreeMap<>();
        stored.funds()
                .forEach((asset, funds) -> amounts.put(
                        asset, AmountsView.of(asset, funds.input(), funds.output(), funds.held(), settings)));
        return new AccountView(account, amounts, stored.metadata(), sequence);
    }
}
