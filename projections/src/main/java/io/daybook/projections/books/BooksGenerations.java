package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.LedgerSample;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.BooksDatabase;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/** Generations of the books are schemas; they are exchanged by their names, in a transaction. */
final class BooksGenerations implements GenerationStore {

    /** How many examples of a fault or a difference are told. */
    static final int EXAMPLES = 5;

    private static final int FORMAT = 1;

    /** What the live books are called between two names, within a transaction. */
    private static final String BEFORE = "books_before";

    /** A query that takes longer is not waited for, or else the others would wait behind it; there is another time. */
    private static final int LOCK_TIMEOUT_MS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(BooksGenerations.class);

    private final DataSource source;
    private final JdbcTemplate books;
    private final BooksSchemas schemas;
    private final BooksRebuild rebuild;
    private final BooksCounts counts;

    BooksGenerations(
            DataSource source, JdbcTemplate books, BooksSchemas schemas, BooksRebuild rebuild, BooksCounts counts) {
        this.source = source;
        this.books = books;
        this.schemas = schemas;
        this.rebuild = rebuild;
        this.counts = counts;
    }

    @Override
    public String projection() {
        return "books";
    }

    @Override
    public int format() {
        return FORMAT;
    }

    @Override
    public Projection posting(Generation generation, Role role) {
        BooksProjection projection = new BooksProjection(books);
        return role == Role.LIVE ? projection : new Aside(projection);
    }

    /** The same projection with other tables. */
    private final class Aside implements Projection {

        private final BooksProjection projection;

        Aside(BooksProjection projection) {
            this.projection = projection;
        }

        @Override
        public String name() {
            return projection.name();
        }

        @Override
        public void prepare() {
            schemas.migrateBooks(BooksDatabase.ASIDE);
            rebuild.prepare();
        }

        @Override
        public void apply(List<PublishedEvent> events) {
            // What a crash of the database takes back of a generation aside, with its tokens, comes again.
            books.execute("set local search_path = " + BooksDatabase.ASIDE_SEARCH_PATH
                    + "; set local synchronous_commit = off");
            projection.apply(events, rebuild.isUnderWay());
        }

        @Override
        public boolean isOutage(Exception failure) {
            return projection.isOutage(failure);
        }

        @Override
        public void close() {
            try {
                rebuild.write(projection.unwritten());
            } catch (DataAccessException | TransactionException e) {
                LOG.info("balances could not be written, and are added up from their entries later: {}", e.toString());
            }
        }
    }

    @Override
    public void complete(int generation) {
        rebuild.finish();
    }

    @Override
    public void exchange(JdbcTemplate connection) {
        // They are without indexes again if nothing had been posted when they were looked at last.
        rebuild.finish();
        // The live books may have been dropped by somebody: that is when a replay is wanted most.
        boolean isThere =
                connection.queryForObject("select to_regnamespace(?) is not null", Boolean.class, BooksDatabase.LIVE);
        if (isThere) {
            // Every query of a ledger begins with this table. Those under way are waited for, on the standbys too: none
            // of
            // them sees some of its tables in the one generation, and the rest in the other.
            connection.execute("set local lock_timeout = " + LOCK_TIMEOUT_MS);
            connection.execute("lock table " + BooksDatabase.LIVE + ".ledger in access exclusive mode");
            connection.execute("alter schema " + BooksDatabase.LIVE + " rename to " + BEFORE);
        }
        connection.execute("alter schema " + BooksDatabase.ASIDE + " rename to " + BooksDatabase.LIVE);
        if (isThere) {
            connection.execute("alter schema " + BEFORE + " rename to " + BooksDatabase.ASIDE);
        }
    }

    @Override
    public void drop(int generation) {
        books.execute("drop schema if exists " + BooksDatabase.ASIDE + " cascade");
    }

    @Override
    public List<String> faults(int generation) {
        return books.queryForList("""
                select format('ledger %%s: %%s does not sum to zero but to %%s', ledger, asset, sum(input - output))
                  from %1$s.balance group by ledger, asset having sum(input - output) <> 0
                union all
                select format('ledger %%s: its sequence is %%s, but it has %%s events', ledger, sequence, events)
                  from %1$s.ledger join (select ledger, count(*) as events from %1$s.event group by ledger) e using (ledger)
                 where sequence <> events
                limit %2$d
                """.formatted(BooksDatabase.ASIDE, EXAMPLES), String.class);
    }

    @Override
    public long position(int generation, Role role, LedgerId ledger) {
        return books
                .queryForList(
                        "select sequence from " + schema(role) + ".ledger where ledger = ?", Long.class, ledger.value())
                .stream()
                .findFirst()
                .orElse(0L);
    }

    @Override
    public Map<LedgerId, Long> positions(int generation, Role role) {
        Map<LedgerId, Long> positions = new HashMap<>();
        books.query("select ledger, sequence from " + schema(role) + ".ledger", row -> {
            positions.put(new LedgerId(row.getString("ledger")), row.getLong("sequence"));
        });
        return positions;
    }

    @Override
    public Map<LedgerId, Long> reached(Generation generation, Map<LedgerId, Span> ledgers) {
        return counts.positions(ledgers.keySet());
    }

    @Override
    public Map<LedgerId, LedgerCount> count(
            Generation generation, Map<LedgerId, Long> heads, LedgerAccounts accounts, Pace pace) throws Exception {
        return counts.count(heads, pace);
    }

    private static String schema(Role role) {
        return role == Role.LIVE ? BooksDatabase.LIVE : BooksDatabase.ASIDE;
    }

    @Override
    public LedgerRepair repair(Generation generation, LedgerId ledger) {
        return new BooksRepair(books, ledger);
    }

    @Override
    public List<String> faults(int generation, LedgerSample sample) {
        ArrayRows accounts = new ArrayRows("text", "text", "text", "text", "text", "numeric", "numeric", "numeric");
        sample.accounts()
                .forEach((key, position) -> accounts.add(
                        key.ledger().value(),
                        key.account().value(),
                        key.asset().name(),
                        "at " + key.account(),
                        position.toString(),
                        new BigDecimal(position.turnover().input()),
                        new BigDecimal(position.turnover().output()),
                        new BigDecimal(position.held())));
        ArrayRows hashes = new ArrayRows("text", "bigint", "text");
        sample.hashes().forEach((sequence, hash) -> hashes.add(sample.ledger().value(), sequence, hash));
        List<String> faults = new ArrayList<>();
        books.query(connection -> accounts.bind(connection, """
                        select format('ledger %%s: %%s %%s is %%s − %%s, held %%s, and should be %%s', row.ledger, row.asset,
                                      row.place, input, output, held, row.told)
                          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[],
                                      ?::numeric[])
                               as row (ledger, account, asset, place, told, in_all, out_all, held_all)
                          left join %1$s.balance using (ledger, account, asset)
                         where (input, output, held) is distinct from (in_all, out_all, held_all)
                         limit %2$d
                        """.formatted(BooksDatabase.ASIDE, EXAMPLES)), row -> {
            faults.add(row.getString(1));
        });
        books.query(connection -> hashes.bind(connection, """
                        select format('ledger %%s: event %%s is not the one that was recorded', row.ledger, row.sequence)
                          from unnest(?::text[], ?::bigint[], ?::text[]) as row (ledger, sequence, hash)
                          left join %1$s.event using (ledger, sequence)
                         where event.hash is distinct from row.hash
                         limit %2$d
                        """.formatted(BooksDatabase.ASIDE, EXAMPLES)), row -> {
            faults.add(row.getString(1));
        });
        return faults;
    }

    @Override
    public Comparison compare(Generation live, Generation aside) throws SQLException {
        return new BooksComparison(source);
    }
}
