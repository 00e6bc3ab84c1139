package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Balances of books that are being rebuilt. They are not written with each batch but when there are many of them; table {@code
 * rebuild_balances} tells up to which of its events those of a ledger are. What is lost with a process is added up from the
 * entries, by whoever finds that a ledger's events go further.
 */
final class Unwritten extends Known {

    /** Some hundred bytes each. */
    private static final int MAX_BALANCES = 200_000;

    static final String TABLE = """
            create table if not exists rebuild_balances (ledger text collate "C" primary key, sequence bigint not null)
            """;

    /**
     * One statement, which sees the books as they are at one time, while others post to them. What came in and what went out
     * never become less, so the most is the last.
     */
    private static final String SETTLE = """
            with total as (
                select balance_number, max(input) as input, max(input - balance) as output, count(*) as entries
                  from entry
                 group by 1
            ), last_held as (
                select distinct on (ledger, account, asset) ledger, account, asset, held, recorded_at
                  from held
                 order by ledger, account, asset, sequence desc
            ), settled as (
                update balance
                   set input = coalesce(total.input, 0), output = coalesce(total.output, 0),
                       unfolded = coalesce(total.entries, 0),
                       held = coalesce(last_held.held, 0), held_at = last_held.recorded_at
                  from balance before
                  left join total on total.balance_number = before.number
                  left join last_held using (ledger, account, asset)
                 where balance.ledger = before.ledger and balance.account = before.account
                   and balance.asset = before.asset
            )
            insert into rebuild_balances (ledger, sequence)
            select ledger, sequence from ledger
            on conflict (ledger) do update set sequence = excluded.sequence
            """;

    private static final String BEHIND = """
            select ledger
              from ledger
              left join rebuild_balances written using (ledger)
             where written.sequence is distinct from ledger.sequence""";

    private final JdbcTemplate books;
    private final int maxBalances;
    private final int maxLedgers;

    Unwritten(JdbcTemplate books) {
        this(books, MAX_BALANCES, MAX_LEDGERS);
    }

    /**
     * @param maxBalances how many may be unwritten
     * @param maxLedgers of how many
     */
    Unwritten(JdbcTemplate books, int maxBalances, int maxLedgers) {
        super(new HashMap<>());
        this.books = books;
        this.maxBalances = maxBalances;
        this.maxLedgers = maxLedgers;
    }

    @Override
    void compare(Map<LedgerId, @Nullable String> now) {
        Set<LedgerId> unknown = new HashSet<>(now.keySet());
        unknown.removeIf(ledger -> Objects.equals(versions.get(ledger), now.get(ledger)));
        if (unknown.isEmpty()) {
            return;
        }
        if (unknown.stream().anyMatch(versions::containsKey)) {
            forget();
        }
        if (areBehind(now.keySet())) {
            lock(books);
            // Who had the lock may have settled all of them: that is what the segments of a process begin with.
            if (areBehind(now.keySet())) {
                books.execute(SETTLE);
            }
        }
    }

    /** Whether the books have not all balances of these ledgers as they are now. */
    private boolean areBehind(Set<LedgerId> ledgers) {
        ArrayRows names = new ArrayRows("text");
        ledgers.stream().filter(ledger -> !versions.containsKey(ledger)).forEach(ledger -> names.add(ledger.value()));
        return books.execute((ConnectionCallback<Boolean>) connection -> {
            try (PreparedStatement statement = names.bind(connection, BEHIND + " and ledger = any (?)")) {
                return statement.executeQuery().next();
            }
        });
    }

    /** Adds up all balances anew, if some are not as they are now. */
    static void settleIfBehind(JdbcTemplate books) {
        if (!books.queryForList(BEHIND + " limit 1", String.class).isEmpty()) {
            lock(books);
            books.execute(SETTLE);
        }
    }

    /** Who writes balances of several ledgers does it alone. */
    private static void lock(JdbcTemplate books) {
        books.execute("lock table rebuild_balances in share row exclusive mode");
    }

    @Override
    void remember(Map<LedgerId, String> written) {
        super.remember(written);
        if (balances.size() > maxBalances || versions.size() > maxLedgers) {
            write();
        }
    }

    /** Writes all of them, in the caller's transaction, but for those of ledgers that somebody else has posted to since. */
    void write() {
        lock(books);
        ArrayRows ledgers = new ArrayRows("text", "text");
        versions.forEach((ledger, version) -> ledgers.add(ledger.value(), version));
        Set<String> same = new HashSet<>(
                books.query(connection -> ledgers.bind(connection, """
                        insert into rebuild_balances (ledger, sequence)
                        select ledger, sequence
                          from ledger
                          join unnest(?::text[], ?::text[]) as row (ledger, version) using (ledger)
                         where ledger.xmin::text = version
                        on conflict (ledger) do update set sequence = excluded.sequence
                        returning ledger
                        """), (row, number) -> row.getString(1)));
        List<RunningBalance> written = balances.values().stream()
                .filter(balance -> same.contains(balance.key().ledger().value()))
                .toList();
        BatchBalances.write(written, books);
        forget();
    }

    /** A ledger of which no balance has changed has its place in the table all the same. */
    boolean isEmpty() {
        return versions.isEmpty();
    }
}
