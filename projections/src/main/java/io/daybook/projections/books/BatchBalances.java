package io.daybook.projections.books;

import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.projections.projection.Turnover;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;

/** The balances that a batch touches, and what was held after each event that changed it. */
final class BatchBalances {

    private final Known known;
    private final List<List<RunningBalance>> ofEvents = new ArrayList<>();
    private final List<RunningBalance> touched = new ArrayList<>();
    private final List<RunningBalance> made = new ArrayList<>();
    private final ArrayRows held = new ArrayRows("text", "text", "text", "bigint", "numeric", "timestamptz");

    BatchBalances(Known known) {
        this.known = known;
    }

    /** Finds those that the events touch, as they are before. */
    void find(List<PublishedEvent> events, JdbcTemplate books) {
        List<RunningBalance> unknown = new ArrayList<>();
        for (PublishedEvent event : events) {
            ofEvents.add(find(event, unknown));
        }
        if (!unknown.isEmpty()) {
            read(unknown, books);
            unknown.removeIf(RunningBalance::isKnown);
        }
        if (!unknown.isEmpty()) {
            make(unknown, books);
        }
    }

    private List<RunningBalance> find(PublishedEvent event, List<RunningBalance> unknown) {
        LedgerId ledger = event.ledger();
        return switch (event.event()) {
            case Transaction transaction -> {
                List<RunningBalance> sides =
                        new ArrayList<>(2 * transaction.postings().size());
                for (Posting posting : transaction.postings()) {
                    sides.add(find(new BalanceKey(ledger, posting.source(), posting.asset()), unknown));
                    sides.add(find(new BalanceKey(ledger, posting.destination(), posting.asset()), unknown));
                }
                yield sides;
            }
            case HoldPlaced hold -> List.of(find(new BalanceKey(ledger, hold.source(), hold.asset()), unknown));
            case HoldReleased hold -> List.of(find(new BalanceKey(ledger, hold.source(), hold.asset()), unknown));
            default -> List.of(); // nothing of an account's money
        };
    }

    private RunningBalance find(BalanceKey key, List<RunningBalance> unknown) {
        RunningBalance balance = known.find(key);
        if (balance == null) {
            balance = new RunningBalance(key);
            known.add(balance);
            unknown.add(balance);
        }
        if (balance.touch()) {
            touched.add(balance);
        }
        return balance;
    }

    /** Each by its key, whatever the planner thinks of the table's size: it grows while statistics are behind. */
    private void read(List<RunningBalance> unknown, JdbcTemplate books) {
        ArrayRows keys = new ArrayRows("text", "text", "text");
        for (RunningBalance balance : unknown) {
            BalanceKey key = balance.key();
            keys.add(key.ledger().value(), key.account().value(), key.asset().name());
        }
        books.query(connection -> keys.bind(connection, """
                        select balance.*
                          from unnest(?::text[], ?::text[], ?::text[]) with ordinality as key (ledger, account, asset, place)
                         cross join lateral (
                            select key.place, number, input, output, held, held_at, unfolded
                              from balance
                             where ledger = key.ledger and account = key.account and asset = key.asset
                             limit 1) balance
                        """), row -> {
            unknown.get(row.getInt("place") - 1).become(balance(row));
        });
    }

    private void make(List<RunningBalance> balances, JdbcTemplate books) {
        Iterator<Long> numbers = books.queryForList(
                        "select nextval('balance_number_seq') from generate_series(1, ?)", Long.class, balances.size())
                .iterator();
        balances.forEach(balance -> balance.become(Balance.none(numbers.next())));
        made.addAll(balances);
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

    /**
     * Those that an event touches: of a transaction the source and the destination of each posting, of a hold its source.
     *
     * @param index of the event among those of the batch
     */
    List<RunningBalance> of(int index) {
        return ofEvents.get(index);
    }

    /** All of them. */
    List<RunningBalance> all() {
        return touched;
    }

    /** Those that the books do not have yet. */
    List<RunningBalance> made() {
        return made;
    }

    /** The batch is written. */
    void keep() {
        touched.forEach(RunningBalance::keep);
    }

    /** The batch is not written. */
    void takeBack() {
        for (RunningBalance balance : touched) {
            balance.takeBack();
            if (!balance.isKnown()) {
                known.remove(balance);
            }
        }
    }

    /** What is held of it has changed, and that has a history of its own. */
    void addHeld(PublishedEvent event, RunningBalance balance) {
        BalanceKey key = balance.key();
        held.add(
                key.ledger().value(),
                key.account().value(),
                key.asset().name(),
                event.sequence(),
                new BigDecimal(balance.now().held()),
                Objects.requireNonNull(balance.now().heldAt()).toString());
    }

    /** Writes balances as they are, whether the books have them or not. */
    static void write(List<RunningBalance> balances, JdbcTemplate books) {
        ArrayRows rows =
                new ArrayRows("text", "text", "text", "numeric", "numeric", "numeric", "timestamptz", "int", "bigint");
        for (RunningBalance running : balances) {
            BalanceKey key = running.key();
            Balance balance = running.now();
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
        }
        rows.update(books, """
                insert into balance (ledger, account, asset, input, output, held, held_at, unfolded, number)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[],
                                     ?::timestamptz[], ?::int[], ?::bigint[])
                on conflict (ledger, account, asset)
                do update set input = excluded.input, output = excluded.output, held = excluded.held,
                              held_at = excluded.held_at, unfolded = excluded.unfolded
                """);
    }

    void writeHeld(JdbcTemplate books) {
        held.update(books, """
                insert into held (ledger, account, asset, sequence, held, recorded_at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::numeric[], ?::timestamptz[])
                """);
    }
}
