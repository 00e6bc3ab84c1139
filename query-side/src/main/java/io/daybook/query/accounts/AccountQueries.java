package io.daybook.query.accounts;

import io.daybook.events.AccountAddress;
import io.daybook.events.EventType;
import io.daybook.events.LedgerId;
import io.daybook.http.ProblemCode;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What is read of accounts in the books. */
final class AccountQueries {

    /** After every character that an address can have. */
    private static final String BEHIND_ADDRESSES = "~";

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
        return jdbc.sql("""
                        select page.account, page.metadata, balance.asset, balance.input, balance.output
                          from (select ledger, account, metadata
                                  from account
                                 where ledger = :ledger
                                   and account > :after
                                   and account >= :prefix
                                   and account < :behind
                                   and metadata @> :metadata::jsonb
                                 order by account
                                 limit :rows) page
                          left join balance on balance.ledger = page.ledger and balance.account = page.account
                         order by page.account, balance.asset
                        """)
                .param("ledger", ledger.value())
                .param("after", after)
                .param("prefix", prefix)
                .param("behind", prefix + BEHIND_ADDRESSES)
                .param("metadata", JsonMapper.shared().writeValueAsString(metadata))
                .param("rows", rows)
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
        SortedMap<String, AmountsView> balances = new TreeMap<>();
        jdbc.sql("select asset, input, output from balance where ledger = :ledger and account = :account")
                .param("ledger", ledger.value())
                .param("account", account.value())
                .query(row -> {
                    balances.put(row.getString("asset"), amounts(row));
                });
        return new AccountView(account, balances, metadata, sequence);
    }

    /**
     * The account by its entries.
     *
     * @param at the last effective time that counts, or null if all do
     * @param asOf the last sequence that counts, or null if all do
     */
    static AccountView then(
            JdbcClient jdbc,
            LedgerId ledger,
            AccountAddress account,
            long sequence,
            @Nullable Instant at,
            @Nullable Long asOf) {
        long last = asOf == null ? sequence : asOf;
        Json now = existing(jdbc, ledger, account, last, sequence);
        SortedMap<String, AmountsView> balances = new TreeMap<>();
        jdbc.sql("""
                        select asset,
                               coalesce(sum(amount) filter (where amount > 0), 0) as input,
                               coalesce(-sum(amount) filter (where amount < 0), 0) as output
                          from entry
                         where ledger = :ledger
                           and account = :account
                           and sequence <= :last
                           and effective_at <= coalesce(:at::timestamptz, 'infinity')
                         group by asset
                        """)
                .param("ledger", ledger.value())
                .param("account", account.value())
                .param("last", last)
                .param("at", at == null ? null : at.atOffset(ZoneOffset.UTC))
                .query(row -> {
                    balances.put(row.getString("asset"), amounts(row));
                });
        Json metadata = asOf == null ? now : metadataAsOf(jdbc, ledger, account, asOf);
        return new AccountView(account, balances, metadata, last);
    }

    /** What the last configuration up to a sequence said. Without one there is no metadata. */
    private static Json metadataAsOf(JdbcClient jdbc, LedgerId ledger, AccountAddress account, long asOf) {
        return jdbc.sql("""
                        select data ->> 'metadata'
                          from event
                         where ledger = :ledger
                           and sequence <= :asOf
                           and type = :type
                           and data ->> 'account' = :account
                         order by sequence desc
                         limit 1
                        """)
                .param("ledger", ledger.value())
                .param("asOf", asOf)
                .param("type", EventType.ACCOUNT_CONFIGURED.eventName())
                .param("account", account.value())
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
        return AmountsView.of(whole(row.getBigDecimal("input")), whole(row.getBigDecimal("output")));
    }

    private static BigInteger whole(BigDecimal number) {
        return number.toBigIntegerExact();
    }
}
