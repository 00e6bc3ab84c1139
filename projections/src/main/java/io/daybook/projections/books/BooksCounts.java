package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts what the live books have of ledgers. A ledger's row tells how many events, transactions, accounts and postings were
 * posted; what was posted up to an event never changes, so a long history is counted in parts, up to where the row was then.
 */
final class BooksCounts implements LedgerAccounts {

    /** Ledgers with no more events are counted by one statement. */
    private static final long SHORT = 1_000;

    /** So many rows of a longer one are counted at a time. */
    private static final int PART = 100_000;

    /** So many balances are looked at at a time, for no more entries of each than {@link #FEW}. */
    private static final int BALANCES = 1_000;

    private static final int FEW = 100;

    /**
     * What a ledger's row tells of it.
     *
     * @param sequence of its last event
     */
    private record Posted(LedgerId ledger, long sequence, long transactions, long accounts, long postings) {

        static Posted of(ResultSet row) throws SQLException {
            return new Posted(
                    new LedgerId(row.getString("ledger")),
                    row.getLong("sequence"),
                    row.getLong("transactions"),
                    row.getLong("accounts"),
                    row.getLong("postings"));
        }
    }

    private final JdbcTemplate books;
    private final long maxShort;
    private final int maxRows;
    private final int maxBalances;
    private final int maxEntries;

    BooksCounts(JdbcTemplate books) {
        this(books, SHORT, PART, BALANCES, FEW);
    }

    /**
     * @param maxShort ledgers with no more events are counted by one statement
     * @param maxRows so many rows of a longer one are counted at a time
     * @param maxBalances so many balances are looked at at a time
     * @param maxEntries for no more entries of each
     */
    BooksCounts(JdbcTemplate books, long maxShort, int maxRows, int maxBalances, int maxEntries) {
        this.books = books;
        this.maxShort = maxShort;
        this.maxRows = maxRows;
        this.maxBalances = maxBalances;
        this.maxEntries = maxEntries;
    }

    Map<LedgerId, Long> positions(Collection<LedgerId> ledgers) {
        Map<LedgerId, Long> positions = new HashMap<>();
        books.query(
                "select ledger, sequence from ledger where ledger = any (?)",
                row -> {
                    positions.put(new LedgerId(row.getString("ledger")), row.getLong("sequence"));
                },
                (Object) names(ledgers));
        return positions;
    }

    private static String[] names(Collection<LedgerId> ledgers) {
        return ledgers.stream().map(LedgerId::value).toArray(String[]::new);
    }

    Map<LedgerId, LedgerCount> count(Map<LedgerId, Long> heads, Pace pace) throws Exception {
        Map<LedgerId, LedgerCount> counts = new HashMap<>();
        List<Posted> longOnes = pace.ask(() -> {
            countShort(heads.keySet(), counts);
            return books.query(
                    "select ledger, sequence, transactions, accounts, postings from ledger"
                            + " where ledger = any (?) and sequence > ?",
                    (row, number) -> Posted.of(row),
                    names(heads.keySet()),
                    maxShort);
        });
        for (Posted posted : longOnes) {
            counts.put(posted.ledger(), count(posted, pace));
        }
        Map<LedgerId, Long> positions = pace.ask(() -> positions(heads.keySet()));
        heads.forEach((ledger, head) -> {
            long position = positions.getOrDefault(ledger, 0L);
            counts.merge(ledger, LedgerCount.reached(position, head), (counted, reached) -> reached.and(counted));
        });
        return counts;
    }

    /** By one statement, and so as they are at one moment. */
    private void countShort(Collection<LedgerId> ledgers, Map<LedgerId, LedgerCount> counts) {
        books.query(
                """
                select ledger, sequence, transactions, accounts, postings,
                       (select count(*) from event where event.ledger = ledger.ledger) as found_events,
                       (select count(*) from transaction where transaction.ledger = ledger.ledger) as found_transactions,
                       (select count(*) from account where account.ledger = ledger.ledger) as found_accounts,
                       (select count(*) from balance join entry on balance_number = number
                         where balance.ledger = ledger.ledger) as found_entries
                  from ledger
                 where ledger = any (?) and sequence <= ?
                """,
                row -> {
                    Posted posted = Posted.of(row);
                    counts.put(
                            posted.ledger(),
                            compare(
                                    posted,
                                    row.getLong("found_events"),
                                    row.getLong("found_transactions"),
                                    row.getLong("found_accounts"),
                                    row.getLong("found_entries")));
                },
                names(ledgers),
                maxShort);
    }

    private static LedgerCount compare(Posted posted, long events, long transactions, long accounts, long entries) {
        return LedgerCount.of("events", events, posted.sequence())
                .and(LedgerCount.of("transactions", transactions, posted.transactions()))
                .and(LedgerCount.of("accounts", accounts, posted.accounts()))
                .and(LedgerCount.of("entries", entries, 2 * posted.postings()));
    }

    private LedgerCount count(Posted posted, Pace pace) throws Exception {
        return compare(
                posted,
                inOrder("event", posted, pace),
                inOrder("transaction", posted, pace),
                accounts(posted, pace),
                entries(posted, pace));
    }

    /** The rows of a table that has them by sequence. */
    private long inOrder(String table, Posted posted, Pace pace) throws Exception {
        long found = 0;
        for (long after = 0; after < posted.sequence(); after += maxRows) {
            long from = after;
            found += pace.ask(() -> books.queryForObject(
                    "select count(*) from " + table + " where ledger = ? and sequence > ? and sequence <= ?",
                    Long.class,
                    posted.ledger().value(),
                    from,
                    Math.min(from + maxRows, posted.sequence())));
        }
        return found;
    }

    /** How many there are in a part of a ledger's rows, and the last of them. */
    private record Part(long found, List<String> last) {}

    private long accounts(Posted posted, Pace pace) throws Exception {
        long found = 0;
        String after = "";
        while (true) {
            String from = after;
            Part part = pace.ask(() -> books.queryForObject(
                    """
                    select count(*) filter (where first_sequence <= ?) as found, max(account) as last
                      from (select account, first_sequence from account
                             where ledger = ? and account > ? order by account limit ?) part
                    """,
                    (row, number) -> new Part(
                            row.getLong("found"),
                            row.getString("last") == null ? List.of() : List.of(row.getString("last"))),
                    posted.sequence(),
                    posted.ledger().value(),
                    from,
                    maxRows));
            found += part.found();
            if (part.last().isEmpty()) {
                return found;
            }
            after = part.last().getFirst();
        }
    }

    /**
     * @param number which its entries are of
     * @param found how many entries it has; one more than {@link #FEW} if there are more
     */
    private record Entries(String account, String asset, long number, long found) {}

    private long entries(Posted posted, Pace pace) throws Exception {
        long found = 0;
        Entries last = new Entries("", "", 0, 0);
        while (true) {
            Entries from = last;
            List<Entries> part = pace.ask(() -> books.query(
                    """
                    select account, asset, number,
                           (select count(*) from (select from entry
                                                   where balance_number = number and sequence <= ? limit ?) few) as found
                      from (select account, asset, number from balance
                             where ledger = ? and (account, asset) > (?, ?) order by account, asset limit ?) part
                     order by account, asset
                    """,
                    (row, number) -> new Entries(
                            row.getString("account"),
                            row.getString("asset"),
                            row.getLong("number"),
                            row.getLong("found")),
                    posted.sequence(),
                    maxEntries + 1,
                    posted.ledger().value(),
                    from.account(),
                    from.asset(),
                    maxBalances));
            if (part.isEmpty()) {
                return found;
            }
            for (Entries balance : part) {
                found += balance.found() > maxEntries
                        ? many(balance.number(), posted.sequence(), pace)
                        : balance.found();
            }
            last = part.getLast();
        }
    }

    /** The entries of one balance, all of an event at a time. */
    private long many(long number, long sequence, Pace pace) throws Exception {
        long found = 0;
        long after = 0;
        while (after < sequence) {
            long from = after;
            long[] part = pace.ask(() -> books.queryForObject(
                    """
                    with part as (
                        select coalesce((select sequence from entry
                                          where balance_number = ? and sequence > ? and sequence <= ?
                                          order by sequence, posting offset ? limit 1), ?) as last)
                    select last, (select count(*) from entry
                                   where balance_number = ? and sequence > ? and sequence <= last) as found
                      from part
                    """,
                    (row, n) -> new long[] {row.getLong("found"), row.getLong("last")},
                    number,
                    from,
                    sequence,
                    maxRows - 1,
                    sequence,
                    number,
                    from));
            found += part[0];
            after = part[1];
        }
        return found;
    }

    @Override
    public Map<LedgerId, List<String>> following(Map<LedgerId, Place> after) {
        ArrayRows asked = new ArrayRows("text", "text", "bigint");
        after.forEach((ledger, place) -> asked.add(ledger.value(), place.account(), place.sequence()));
        Map<LedgerId, List<String>> names = new HashMap<>();
        books.query(connection -> asked.bind(connection, """
                        select ledger.ledger, found.account
                          from unnest(?::text[], ?::text[], ?::bigint[]) as asked (ledger, after, upto)
                          join ledger on ledger.ledger = asked.ledger and ledger.sequence >= asked.upto
                          left join lateral (
                               select account from account
                                where account.ledger = asked.ledger and account > asked.after
                                  and first_sequence <= asked.upto
                                order by account limit %d) found on true
                         order by ledger.ledger, found.account
                        """.formatted(PAGE)), row -> {
            List<String> of = names.computeIfAbsent(new LedgerId(row.getString("ledger")), ledger -> new ArrayList<>());
            if (row.getString("account") != null) {
                of.add(row.getString("account"));
            }
        });
        return names;
    }

    @Override
    public boolean areComplete(LedgerId ledger) {
        return books.queryForObject("""
                select exists (select from ledger
                                where ledger = ?
                                  and accounts = (select count(*) from account where account.ledger = ledger.ledger))
                """, Boolean.class, ledger.value());
    }
}
