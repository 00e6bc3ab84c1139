package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Json;
import io.daybook.query.request.Reading;
import io.daybook.query.request.Reading.Behind;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.store.Balances;
import io.daybook.query.store.Balances.StoredAccount;
import io.daybook.query.store.Books;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Accounts as they are, from Redis; from the books if Redis cannot be read or does not have them. */
class CurrentAccounts {

    private static final String INPUT = "in:";
    private static final String OUTPUT = "out:";
    private static final String METADATA = "metadata";

    private final Balances balances;
    private final Books books;

    CurrentAccounts(Balances balances, Books books) {
        this.balances = balances;
        this.books = books;
    }

    Seen<AccountView> read(LedgerId ledger, AccountAddress account, Freshness freshness) {
        return freshness.await(ledger, () -> look(ledger, account, freshness));
    }

    private Reading<AccountView> look(LedgerId ledger, AccountAddress account, Freshness freshness) {
        StoredAccount stored = balances.account(ledger, account).orElse(null);
        if (stored != null && stored.sequence() != null) {
            long sequence = stored.sequence();
            if (!freshness.isMetBy(sequence)) {
                return new Behind<>(sequence, balances.progress());
            }
            if (!stored.fields().isEmpty()) {
                return new Seen<>(sequence, view(account, stored.fields(), sequence));
            }
        }
        return books.look(ledger, freshness, (jdbc, sequence) -> AccountQueries.now(jdbc, ledger, account, sequence));
    }

    private static AccountView view(AccountAddress account, Map<String, String> fields, long sequence) {
        SortedMap<String, AmountsView> amounts = new TreeMap<>();
        for (String field : fields.keySet()) {
            String asset = field.startsWith(INPUT)
                    ? field.substring(INPUT.length())
                    : field.startsWith(OUTPUT) ? field.substring(OUTPUT.length()) : "";
            if (!asset.isEmpty()) {
                amounts.computeIfAbsent(
                        asset, a -> AmountsView.of(number(fields, INPUT + a), number(fields, OUTPUT + a)));
            }
        }
        String metadata = fields.get(METADATA);
        return new AccountView(account, amounts, metadata == null ? Json.EMPTY_OBJECT : new Json(metadata), sequence);
    }

    private static BigInteger number(Map<String, String> fields, String field) {
        return new BigInteger(fields.getOrDefault(field, "0"));
    }
}
