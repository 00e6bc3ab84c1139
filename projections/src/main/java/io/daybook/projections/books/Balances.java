package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcTemplate;

/** The balances that a batch touches, and what was held after each event that changed it. */
final class Balances {

    private final Map<BalanceKey, Balance> balances = new LinkedHashMap<>();
    private final ArrayRows held = new ArrayRows("text", "text", "text", "bigint", "numeric", "timestamptz");

    /** Those that the events touch, as they are before. */
    static Balances before(List<PublishedEvent> events, Known known, JdbcTemplate books) {
        Balances before = new Balances();
        events.forEach(before::expect);
        before.recall(known);
        before.read(books);
        return before;
    }

    private void expect(PublishedEvent event) {
        switch (event.event()) {
            case Transaction transaction -> {
                for (Posting posting : transaction.postings()) {
                    balances.put(new BalanceKey(event.ledger(), posting.source(), posting.asset()), Balance.NONE);
                    balances.put(new BalanceKey(event.ledger(), posting.destination(), posting.asset()), Balance.NONE);
                }
            }
            case HoldPlaced hold ->
                balances.put(new BalanceKey(event.ledger(), hold.source(), hold.asset()), Balance.NONE);
            case HoldReleased hold ->
                balances.put(new BalanceKey(event.ledger(), hold.source(), hold.asset()), Balance.NONE);
            default -> {} // nothing of an account's money
        }
    }

    private void recall(Known known) {
        balances.replaceAll((key, none) -> {
            Balance balance = known.balance(key);
            return balance == null ? none : balance;
        });
    }

    /** Each by its key, whatever the planner thinks of the table's size: it grows while statistics are behind. */
    private void read(JdbcTemplate books) {
        ArrayRows keys = new ArrayRows("text", "text", "text");
        balances.forEach((key, balance) -> {
            if (balance.equals(Balance.NONE)) {
                keys.add(
                        key.ledger().value(), key.account().value(), key.asset().name());
            }
        });
        if (keys.isEmpty()) {
            return;
        }
        books.query(connection -> keys.bind(connection, """
                        select balance.*
                          from unnest(?::text[], ?::text[], ?::text[]) as key (ledger, account, asset)
                         cross join lateral (
                            select ledger, account, asset, input, output, held, held_at
                              from balance
                             where ledger = key.ledger and account = key.account and asset = key.asset
                             limit 1) balance
                        """), row -> {
            balances.put(
                    new BalanceKey(
                            new LedgerId(row.getString("ledger")),
                            new AccountAddress(row.getString("account")),
                            new Asset(row.getString("asset"))),
                    balance(row));
        });
    }

    private static Balance balance(ResultSet row) throws SQLException {
        OffsetDateTime heldAt = row.getObject("held_at", OffsetDateTime.class);
        return new Balance(
                new Turnover(
                        row.getBigDecimal("input").toBigIntegerExact(),
                        row.getBigDecimal("output").toBigIntegerExact()),
                row.getBigDecimal("held").toBigIntegerExact(),
                heldAt == null ? null : heldAt.toInstant());
    }

    /** Whether it has never been anything. */
    boolean isNew(BalanceKey key) {
        return Balance.NONE.equals(balances.get(key));
    }

    /** As they are now. */
    Map<BalanceKey, Balance> all() {
        return balances;
    }

    /** Moves a balance on; what it is then. */
    Balance change(BalanceKey key, UnaryOperator<Balance> step) {
        Balance after = step.apply(Objects.requireNonNull(balances.get(key), "a balance that was not expected"));
        balances.put(key, after);
        return after;
    }

    /** The same for what is held of it, which has a history of its own. */
    void changeHeld(PublishedEvent event, AccountAddress account, Asset asset, UnaryOperator<Balance> step) {
        Balance after = change(new BalanceKey(event.ledger(), account, asset), step);
        held.add(
                event.ledger().value(),
                account.value(),
                asset.name(),
                event.sequence(),
                new BigDecimal(after.held()),
                Objects.requireNonNull(after.heldAt()).toString());
    }

    void write(JdbcTemplate books) {
        ArrayRows rows = new ArrayRows("text", "text", "text", "numeric", "numeric", "numeric", "timestamptz");
        balances.forEach((key, balance) -> {
            Instant heldAt = balance.heldAt();
            rows.add(
                    key.ledger().value(),
                    key.account().value(),
                    key.asset().name(),
                    new BigDecimal(balance.turnover().input()),
                    new BigDecimal(balance.turnover().output()),
                    new BigDecimal(balance.held()),
                    heldAt == null ? null : heldAt.toString());
        });
        rows.update(books, """
                insert into balance (ledger, account, asset, input, output, held, held_at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[],
                                     ?::timestamptz[])
                on conflict (ledger, account, asset)
                do update set input = excluded.input, output = excluded.output, held = excluded.held,
                              held_at = excluded.held_at
                """);
        held.update(books, """
                insert into held (ledger, account, asset, sequence, held, recorded_at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::numeric[], ?::timestamptz[])
                """);
    }
}
