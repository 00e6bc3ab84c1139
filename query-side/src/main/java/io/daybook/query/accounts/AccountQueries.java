package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.ProblemCode;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Json;
import io.daybook.query.store.EffectiveTime;
import io.daybook.query.store.MetadataFilter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of accounts in the books. */
final class AccountQueries {

    /** After every character that an address can have. */
    private static final String BEHIND_ADDRESSES = "~";

    /** Entries that were recorded behind a sequence, taken off what the checkpoints have of them. */
    private static final String LESS_WHAT_CAME_LATER = """
            union all
            select asset, least(-amount, 0), least(amount, 0)
              from entry
             where ledger = a.ledger and account = a.account and sequence > :asOf and effective_at <= :at
            """;

    /** Assets of which all that is known came later are left out. */
    private static final String OF_WHAT_WAS_THERE = "having sum(input) > 0 or sum(output) > 0 or sum(held) > 0";

    private AccountQueries() {}

    /** The accounts behind one of them, in the order of their addresses. */
    static List<AccountView> list(
            JdbcClient jdbc,
            LedgerId ledger,
            long sequence,
            String prefix,
            Map<String, String> metadata,
            String after,
            int rows) {
        Map<String, Object> values = new HashMap<>();
        values.put("ledger", ledger.value());
        values.put("after", after);
        values.put("prefix", prefix);
        values.put("behind", prefix + BEHIND_ADDRESSES);
        values.put("rows", rows);
        return jdbc.sql("""
                        select page.account, page.metadata, b.asset, b.input, b.output, b.held
                          from (select ledger, account, metadata
                                  from account
                                 where ledger = :ledger
                                   and account > :after
                                   and account >= :prefix
                                   and account < :behind
                                   %s
                                 order by account
                                 limit :rows) page
                          left join balance b on b.ledger = page.ledger and b.account = page.account
                         order by page.account, b.asset
                        """.formatted(MetadataFilter.condition("metadata", metadata, values)))
                .params(values)
                .query(row -> {
                    return views(row, sequence);
                });
    }

    private static List<AccountView> views(ResultSet row, long sequence) throws SQLException {
        List<AccountView> accounts = new ArrayList<>();
        while (row.next()) {
            AccountAddress address = new AccountAddress(row.getString("account"));
            if (accounts.isEmpty() || !accounts.getLast().account().equals(address)) {
                accounts.add(new AccountView(address, new TreeMap<>(), new Json(row.getString("metadata")), sequence));
            }
            String asset = row.getString("asset");
            if (asset != null) {
                accounts.getLast().balances().put(asset, amounts(row));
            }
        }
        return accounts;
    }

    /** The account as it is. */
    static AccountView now(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long sequence) {
        Json metadata = existing(jdbc, ledger, account, sequence, sequence);
        Map<String, Object> values = Map.of("ledger", ledger.value(), "account", account.value());
        String sql = "select asset, input, output, held from balance where ledger = :ledger and account = :account";
        return new AccountView(account, balances(jdbc, sql, values), metadata, sequence);
    }

    /**
     * The account as the books stood at a sequence: each asset has the balance after its last entry, and what was held after
     * its last hold.
     */
    static AccountView asOf(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long sequence, long asOf) {
        existing(jdbc, ledger, account, asOf, sequence);
        String sql = """
                select b.asset, coalesce(e.input, 0) as input, coalesce(e.input - e.balance, 0) as output,
                       coalesce(h.held, 0) as held
                  from balance b
                  left join lateral (select input, balance
                                       from entry
                                      where ledger = b.ledger and account = b.account and asset = b.asset
                                        and sequence <= :asOf
                                      order by sequence desc, posting desc
                                      limit 1) e on true
                  left join lateral (select held
                                       from held
                                      where ledger = b.ledger and account = b.account and asset = b.asset
                                        and sequence <= :asOf
                                      order by sequence desc
                                      limit 1) h on true
                 where b.ledger = :ledger and b.account = :account and (e.input is not null or h.held is not null)
                """;
        Map<String, Object> values = Map.of("ledger", ledger.value(), "account", account.value(), "asOf", asOf);
        return new AccountView(account, balances(jdbc, sql, values), metadataAsOf(jdbc, ledger, account, asOf), asOf);
    }

    /**
     * The account at an effective time. A hold has no effective time: it counts from when it was recorded.
     *
     * @param asOf the last sequence that counts, or null if all do
     */
    static AccountView at(
            JdbcClient jdbc, LedgerId ledger, AccountAddress account, long sequence, Instant at, @Nullable Long asOf) {
        long last = asOf == null ? sequence : asOf;
        Json now = existing(jdbc, ledger, account, last, sequence);
        Map<String, Object> values = new HashMap<>(EffectiveTime.values(at));
        values.put("ledger", ledger.value());
        values.put("account", account.value());
        if (asOf != null) {
            values.put("asOf", asOf);
        }
        String sql = """
                select asset, sum(input) as input, sum(output) as output, sum(held) as held
                  from (select t.asset, t.input, t.output, 0 as held
                          from account a
                         cross join lateral (%s%s) t
                         where a.ledger = :ledger and a.account = :account
                        union all
                        select b.asset, 0, 0, h.held
                          from balance b
                         cross join lateral (select held
                                               from held
                                              where ledger = b.ledger and account = b.account and asset = b.asset
                                                and recorded_at <= :at %s
                                              order by recorded_at desc, sequence desc
                                              limit 1) h
                         where b.ledger = :ledger and b.account = :account) row
                 group by asset
                """.formatted(
                        EffectiveTime.TURNOVERS,
                        asOf == null ? "" : LESS_WHAT_CAME_LATER,
                        asOf == null ? "" : "and sequence <= :asOf");
        SortedMap<String, AmountsView> balances = balances(jdbc, asOf == null ? sql : sql + OF_WHAT_WAS_THERE, values);
        Json metadata = asOf == null ? now : metadataAsOf(jdbc, ledger, account, asOf);
        return new AccountView(account, balances, metadata, last);
    }

    private static SortedMap<String, AmountsView> balances(JdbcClient jdbc, String sql, Map<String, ?> values) {
        SortedMap<String, AmountsView> balances = new TreeMap<>();
        jdbc.sql(sql).params(values).query(row -> {
            balances.put(row.getString("asset"), amounts(row));
        });
        return balances;
    }

    /** What the account's metadata was after the last change up to a sequence. Without one there is none. */
    private static Json metadataAsOf(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long asOf) {
        return jdbc.sql("""
                        select metadata
                          from account_metadata
                         where ledger = :ledger and account = :account and sequence <= :asOf
                         order by sequence desc
                         limit 1
                        """)
                .param("ledger", ledger.value())
                .param("account", account.value())
                .param("asOf", asOf)
                .query(String.class)
                .optional()
                .map(Json::new)
                .orElse(Json.EMPTY_OBJECT);
    }

    /**
     * The metadata of an account that exists.
     *
     * @param last the sequence at which it must have existed
     * @param sequence how far the ledger has come
     * @throws io.daybook.http.ProblemException {@code account-not-found}
     */
    static Json existing(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long last, long sequence) {
        Optional<String> metadata = jdbc.sql("""
                        select metadata
                          from account
                         where ledger = :ledger and account = :account and first_sequence <= :last
                        """)
                .param("ledger", ledger.value())
                .param("account", account.value())
                .param("last", last)
                .query(String.class)
                .optional();
        if (metadata.isEmpty() && !account.isWorld()) {
            throw Answers.notFound(
                    ProblemCode.ACCOUNT_NOT_FOUND,
                    "ledger '" + ledger + "' has no account '" + account + "' at sequence " + last
                            + "; an account is made by its first posting or by configuring it",
                    sequence);
        }
        return metadata.map(Json::new).orElse(Json.EMPTY_OBJECT);
    }

    private static AmountsView amounts(ResultSet row) throws SQLException {
        return AmountsView.of(
                whole(row.getBigDecimal("input")),
                whole(row.getBigDecimal("output")),
                whole(row.getBigDecimal("held")));
    }

    private static BigInteger whole(BigDecimal number) {
        return number.toBigIntegerExact();
    }
}
