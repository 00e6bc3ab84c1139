package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The accounts that a batch makes and configures. */
final class Accounts {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Key(LedgerId ledger, AccountAddress account) {}

    private final Map<Key, Long> touched = new LinkedHashMap<>();
    private final Map<Key, AccountConfigured> configured = new LinkedHashMap<>();
    private final Map<Key, String> metadata = new LinkedHashMap<>();
    private final ArrayRows metadataHistory = new ArrayRows("text", "text", "bigint", "text");

    /** The account exists from here on, if it did not before. */
    void touch(PublishedEvent event, AccountAddress account) {
        touched.putIfAbsent(new Key(event.ledger(), account), event.sequence());
    }

    /** An account that has a balance is there already. */
    void touch(PublishedEvent event, RunningBalance balance) {
        if (balance.now().isNew()) {
            touch(event, balance.key().account());
        }
    }

    void configure(PublishedEvent event, AccountConfigured account) {
        configured.put(new Key(event.ledger(), account.account()), account);
        changeMetadata(event, account.account(), account.metadata());
    }

    void changeMetadata(PublishedEvent event, AccountAddress account, Map<String, String> now) {
        touch(event, account);
        String json = JSON.writeValueAsString(now);
        metadata.put(new Key(event.ledger(), account), json);
        metadataHistory.add(event.ledger().value(), account.value(), event.sequence(), json);
    }

    /** How many are new, by ledger. */
    Map<LedgerId, Long> write(JdbcTemplate books) {
        Map<LedgerId, Long> made = make(books);
        ArrayRows settings = new ArrayRows("text", "text", "text", "text", "boolean");
        configured.forEach((key, account) -> settings.add(
                key.ledger().value(),
                key.account().value(),
                JSON.writeValueAsString(account.overdraft()),
                JSON.writeValueAsString(account.limits()),
                account.closed()));
        settings.update(books, """
                update account
                   set overdraft = row.overdraft::json, limits = row.limits::json, closed = row.closed
                  from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[])
                       as row (ledger, account, overdraft, limits, closed)
                 where account.ledger = row.ledger and account.account = row.account
                """);
        ArrayRows changes = new ArrayRows("text", "text", "text");
        metadata.forEach(
                (key, now) -> changes.add(key.ledger().value(), key.account().value(), now));
        changes.update(books, """
                update account
                   set metadata = row.metadata::jsonb
                  from unnest(?::text[], ?::text[], ?::text[]) as row (ledger, account, metadata)
                 where account.ledger = row.ledger and account.account = row.account
                """);
        metadataHistory.update(books, """
                insert into account_metadata (ledger, account, sequence, metadata)
                select ledger, account, sequence, metadata::jsonb
                  from unnest(?::text[], ?::text[], ?::bigint[], ?::text[])
                       as row (ledger, account, sequence, metadata)
                """);
        return made;
    }

    private Map<LedgerId, Long> make(JdbcTemplate books) {
        Map<LedgerId, Long> made = new HashMap<>();
        ArrayRows rows = new ArrayRows("text", "text", "bigint");
        touched.forEach(
                (key, sequence) -> rows.add(key.ledger().value(), key.account().value(), sequence));
        if (rows.isEmpty()) {
            return made;
        }
        books.query(connection -> rows.bind(connection, """
                        insert into account (ledger, account, overdraft, limits, closed, metadata, first_sequence)
                        select ledger, account,
                               case account when 'world' then '"unlimited"'::json else '{}'::json end,
                               '{}', false, '{}', first_sequence
                          from unnest(?::text[], ?::text[], ?::bigint[]) as row (ledger, account, first_sequence)
                        on conflict (ledger, account) do nothing
                        returning ledger
                        """), row -> {
            made.merge(new LedgerId(row.getString("ledger")), 1L, Long::sum);
        });
        return made;
    }
}
