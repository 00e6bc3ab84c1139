package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Json;
import io.daybook.query.store.MetadataFilter;
import io.daybook.query.store.Moment;
import io.daybook.stores.StoredAccountSettings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of accounts in the books. */
final class AccountQueries {

    /** After every character that an address can have. */
    private static final String BEHIND_ADDRESSES = "~";

    private AccountQueries() {}

    /**
     * Which accounts are wanted.
     *
     * @param metadata that they must have
     * @param after the address behind which they are; empty for the first page
     */
    record Wanted(LedgerId ledger, String prefix, Map<String, String> metadata, String after, int rows) {}

    /** Accounts in the order of their addresses. */
    static List<AccountView> list(JdbcClient jdbc, Wanted wanted, Moment moment, long sequence) {
        Map<String, Object> values = moment.values();
        values.put("ledger", wanted.ledger().value());
        values.put("after", wanted.after());
        values.put("prefix", wanted.prefix());
        values.put("behind", wanted.prefix() + BEHIND_ADDRESSES);
        values.put("rows", wanted.rows());
        String accounts =
                """
                select ledger, account, metadata, settings
                  from %s a
                 where ledger = :ledger and account > :after and account >= :prefix and account < :behind %s
                 order by account
                 limit :rows""".formatted(moment.accounts(), MetadataFilter.condition("metadata", wanted.metadata(), values));
        return views(jdbc, accounts, values, moment, sequence);
    }

    /** The account as it is. */
    static AccountView now(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long sequence) {
        return one(jdbc, ledger, account, Moment.NOW, sequence);
    }

    /**
     * The account at a moment.
     *
     * @param sequence how far the ledger has come
     * @throws ProblemException {@code account-not-found}
     */
    static AccountView one(JdbcClient jdbc, LedgerId ledger, AccountAddress account, Moment moment, long sequence) {
        Map<String, Object> values = moment.values();
        values.put("ledger", ledger.value());
        values.put("account", account.value());
        String accounts =
                "select ledger, account, metadata, settings from %s a where ledger = :ledger and account = :account"
                        .formatted(moment.accounts());
        List<AccountView> found = views(jdbc, accounts, values, moment, sequence);
        if (!found.isEmpty()) {
            return found.getFirst();
        }
        if (!account.isWorld()) {
            throw notFound(ledger, account, moment.sequence(sequence), sequence);
        }
        return new AccountView(account, new TreeMap<>(), Json.EMPTY_OBJECT, moment.sequence(sequence));
    }

    private static List<AccountView> views(
            JdbcClient jdbc, String accounts, Map<String, Object> values, Moment moment, long sequence) {
        List<AccountView> views = new ArrayList<>();
        jdbc.sql("""
                        select a.account, a.metadata, a.settings, f.asset, f.input, f.output, f.held
                          from (%s) a
                          left join lateral (%s) f on true
                         order by a.account, f.asset
                        """.formatted(accounts, moment.funds())).params(values).query(row -> {
            AccountAddress address = new AccountAddress(row.getString("account"));
            if (views.isEmpty() || !views.getLast().account().equals(address)) {
                Json metadata = new Json(row.getString("metadata"));
                views.add(new AccountView(address, new TreeMap<>(), metadata, moment.sequence(sequence)));
            }
            String asset = row.getString("asset");
            if (asset != null) {
                views.getLast().balances().put(asset, amounts(row, address, asset));
            }
        });
        return views;
    }

    private static AmountsView amounts(ResultSet row, AccountAddress account, String asset) throws SQLException {
        String settings = row.getString("settings");
        return AmountsView.of(
                asset,
                whole(row.getBigDecimal("input")),
                whole(row.getBigDecimal("output")),
                whole(row.getBigDecimal("held")),
                settings == null ? StoredAccountSettings.initial(account) : StoredAccountSettings.ofJson(settings));
    }

    private static BigInteger whole(BigDecimal number) {
        return number.toBigIntegerExact();
    }

    /**
     * Makes sure that there is an account.
     *
     * @param sequence how far the ledger has come
     * @throws ProblemException {@code account-not-found}
     */
    static void requireExisting(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long sequence) {
        boolean exists = jdbc.sql("select 1 from account where ledger = :ledger and account = :account")
                .param("ledger", ledger.value())
                .param("account", account.value())
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!exists && !account.isWorld()) {
            throw notFound(ledger, account, sequence, sequence);
        }
    }

    private static ProblemException notFound(LedgerId ledger, AccountAddress account, long asked, long sequence) {
        return Answers.notFound(
                ProblemCode.ACCOUNT_NOT_FOUND,
                "ledger '" + ledger + "' has no account '" + account + "' at sequence " + asked
                        + "; an account is made by its first posting, its first hold, or by configuring it",
                sequence);
    }
}
