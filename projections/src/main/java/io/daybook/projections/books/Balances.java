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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcTemplate;

/** The balances that a batch touches, and what was held after each event that changed it. */
final class Balances {

    private final Map<BalanceKey, Balance> balances = new LinkedHashMap<>();
    private final ArrayRows held = new ArrayRows("text", "text", "text", "bigint", "numeric", "timestamptz");

    /** Those that the events touch, as they are before. */
    static Balances before(List<PublishedEvent> events, Known known, JdbcTemplate books) {
        Set<BalanceKey> unknown = new LinkedHashSet<>();
        Balances before = new Balances();
        for (BalanceKey key : touchedBy(events)) {
            Balance balance = known.balance(key);
            if (balance == null) {
                unknown.add(key);
            } else {
                before.balances.put(key, balance);
            }
        }
        if (!unknown.isEmpty()) {
            before.read(unknown, books);
            unknown.removeAll(before.balances.keySet());
        }
        if (!unknown.isEmpty()) {
            before.number(unknown, books);
        }
        return before;
    }

    private static Set<BalanceKey> touchedBy(List<PublishedEvent> events) {
        Set<BalanceKey> touched = new LinkedHashSet<>();
        for (PublishedEvent event : events) {
            LedgerId ledger = event.ledger();
            switch (event.event()) {
                case Transaction transaction -> {
                    for (Posting posting : transaction.postings()) {
                        touched.add(new BalanceKey(ledger, posting.source(), posting.asset()));
                        touched.add(new BalanceKey(ledger, posting.destination(), posting.asset()));
                    }
                }
                case HoldPlaced hold -> touched.add(new BalanceKey(ledger, hold.source(), hold.asset()));
                case HoldReleased hold -> touched.add(new BalanceKey(ledger, hold.source(), hold.asset()));
                default -> {} // nothing of an account's money
            }
        }
        return touched;
    }

    /** Each by its key, whatever the planner thinks of the table's size: it grows while statistics are behind. */
    private void read(Set<BalanceKey> unknown, JdbcTemplate books) {
        ArrayRows keys = new ArrayRows("text", "text", "text");
        unknown.forEach(key -> keys.add(
                key.ledger().value(), key.account().value(), key.asset().name()));
        books.query(connection -> keys.bind(connection, """
                        select balance.*
                          from unnest(?::text[], ?::text[], ?::text[]) as key (ledger, account, asset)
                         cross join lateral (
                            select ledger, account, asset, number, input, output, held, held_at, unfolded
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

    private void number(Set<BalanceKey> made, JdbcTemplate books) {
        Iterator<Long> numbers = books.queryForList(
                        "select nextval('balance_number_seq') from generate_series(1, ?)", Long.class, made.size())
                .iterator();
        made.forEach(key -> balances.put(key, Balance.none(numbers.next())));
    }

    private static Balance balance(ResultSet row) throws SQLException {
        OffsetDateTime heldAt = row.getObject("held_at", OffsetDateTime.class);
        return new Balance(
                row.getLong("number"),
                new Turnover(
                        row.getBigDecimal("input").toBigIntegerExact(),
                        row.getBigDecimal("output").toBigIntegerExact()),
                row.getBigDecimal("held").toBigIntegerExact(),
                heldAt == null ? null : heldAt.toInstant(),
                row.getInt("unfolded"));
    }

    Balance get(BalanceKey key) {
        return Objects.requireNonNull(balances.get(key), "a balance that was not expected");
    }

    /** As they are now. */
    Map<BalanceKey, Balance> all() {
        return balances;
    }

    /** Moves a balance on; what it is then. */
    Balance change(BalanceKey key, UnaryOperator<Balance> step) {
        Balance after = step.apply(get(key));
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
        ArrayRows rows =
                new ArrayRows("text", "text", "text", "numeric", "numeric", "numeric", "timestamptz", "int", "bigint");
        balances.forEach((key, balance) -> {
            Instant heldAt = balance.heldAt();
            rows.add(
                    key.ledger().value(),
                    key.account().value(),
                    key.asset().name(),
                    new BigDecimal(balance.turnover().input()),
                    new BigDecimal(balance.turnover().output()),
                    new BigDecimal(balance.held()),
                    heldAt == null ? null : heldAt.toString(),
                    balance.unfolded(),
                    balance.number());
        });
        rows.update(books, """
                insert into balance (ledger, account, asset, input, output, held, held_at, unfolded, number)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[],
                                     ?::timestamptz[], ?::int[], ?::bigint[])
                on conflict (ledger, account, asset)
                do update set input = excluded.input, output = excluded.output, held = excluded.held,
                              held_at = excluded.held_at, unfolded = excluded.unfolded
                """);
        held.update(books, """
                insert into held (ledger, account, asset, sequence, held, recorded_at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::numeric[], ?::timestamptz[])
                """);
    }
}
