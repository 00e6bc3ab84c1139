package io.daybook.query.store;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The entries of an account: those of its balances, of which it has one for each asset.
 *
 * @param assets of its balances, by their numbers
 */
public record AccountEntries(Map<Long, Asset> assets) {

    /** Reads which balances an account has; none if there is no such account. */
    public static AccountEntries of(JdbcClient jdbc, LedgerId ledger, AccountAddress account) {
        Map<Long, Asset> assets = new LinkedHashMap<>();
        jdbc.sql("select number, asset from balance where ledger = :ledger and account = :account order by asset")
                .param("ledger", ledger.value())
                .param("account", account.value())
                .query(row -> {
                    assets.put(row.getLong("number"), new Asset(row.getString("asset")));
                });
        return new AccountEntries(assets);
    }

    /** Those of one asset. */
    public AccountEntries only(Asset asset) {
        Map<Long, Asset> one = new LinkedHashMap<>(assets);
        one.values().retainAll(Set.of(asset));
        return new AccountEntries(one);
    }

    /**
     * A relation with all columns of {@code entry}. The balances are apart in it: PostgreSQL then goes along the index of
     * each in the order that is asked for, and merges them.
     *
     * @param values gets the values that the relation needs
     */
    public String relation(Map<String, Object> values) {
        StringBuilder relation = new StringBuilder();
        for (Long number : assets.keySet()) {
            String name = "balance" + values.size();
            values.put(name, number);
            relation.append(relation.isEmpty() ? "(" : " union all ")
                    .append("select * from entry where balance_number = :")
                    .append(name);
        }
        return relation.isEmpty()
                ? "(select * from entry where false)"
                : relation.append(')').toString();
    }
}
