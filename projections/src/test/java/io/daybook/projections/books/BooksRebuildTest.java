package io.daybook.projections.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.History;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Books that are rebuilt aside are in the end what books are that were live all the time. */
class BooksRebuildTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    /** PostgreSQL counts time from 2000 on. */
    private static final Instant LONG_AGO = Instant.parse("1999-12-31T12:00:00Z");

    private static final Posting PAYMENT =
            new Posting(AccountAddress.WORLD, new AccountAddress("alice"), new Asset("USD/2"), Amount.of(5));

    private HikariDataSource source;
    private JdbcTemplate books;
    private TransactionTemplate transactions;
    private TransactionTemplate savepoints;
    private BooksRebuild rebuild;
    private BooksGenerations generations;

    @BeforeEach
    void connect() {
        var services = SharedServices.get().isolated();
        source = new HikariDataSource();
        source.setJdbcUrl(services.get("daybook.books.jdbc-url"));
        source.setUsername(services.get("daybook.books.username"));
        source.setPassword(services.get("daybook.books.password"));
        source.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        source.setMaximumPoolSize(3);
        BooksSchemas schemas = new BooksSchemas(source);
        schemas.migrate();
        books = new JdbcTemplate(source);
        JdbcTransactionManager manager = new JdbcTransactionManager(source);
        transactions = new TransactionTemplate(manager);
        savepoints = new TransactionTemplate(
                manager, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
        rebuild = new BooksRebuild(books, transactions);
        generations = new BooksGenerations(source, books, schemas, rebuild, new BooksCounts(books));
    }

    @AfterEach
    void disconnect() {
        source.close();
    }

    private static List<PublishedEvent> events(String ledger, SplittableRandom random) {
        List<PublishedEvent> events = new ArrayList<>(new RandomHistory(ledger, random).events(500));
        History corrected = new History(ledger + "-corrected");
        UUID sale = UUID.randomUUID();
        UUID mistake = UUID.randomUUID();
        corrected.add(new LedgerOpened(null, Map.of()));
        corrected.add(new TransactionPosted(mistake, null, List.of(PAYMENT), NOON, Map.of()));
        corrected.add(reversal(mistake));
        corrected.add(new TransactionPosted(sale, "R-1", List.of(PAYMENT), NOON, Map.of("case", "new")));
        for (int i = 0; i < 40; i++) {
            corrected.add(new MetadataChanged(null, sale, Map.of("case", "n" + i)));
            corrected.add(new TransactionPosted(UUID.randomUUID(), null, List.of(PAYMENT), NOON, Map.of()));
            corrected.add(new TransactionPosted(
                    UUID.randomUUID(), null, List.of(PAYMENT), LONG_AGO.plusSeconds(1_800L * i), Map.of()));
        }
        corrected.add(reversal(sale));
        events.addAll(corrected.events());
        return events;
    }

    private static TransactionReversed reversal(UUID transaction) {
        return new TransactionReversed(
                UUID.randomUUID(),
                transaction,
                List.of(new Posting(PAYMENT.destination(), PAYMENT.source(), PAYMENT.asset(), PAYMENT.amount())),
                NOON,
                Map.of());
    }

    private void apply(Role role, List<PublishedEvent> events, SplittableRandom random) throws Exception {
        Projection projection = generations.posting(new Generation(2, 1), role);
        projection.prepare();
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(100));
            List<PublishedEvent> batch = events.subList(Math.max(0, from - 5), to); // some come again
            transactions.executeWithoutResult(transaction -> {
                try {
                    projection.apply(batch);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            from = to;
        }
    }

    private List<String> indexes(String schema) {
        return books.queryForList(
                "select replace(indexdef, schemaname, '') from pg_indexes where schemaname = ? order by 1",
                String.class,
                schema);
    }

    private List<String> tablesWithoutAutovacuum() {
        return books.queryForList(
                "select relname from pg_class where 'autovacuum_enabled=off' = any (reloptions)", String.class);
    }

    /** Rows that only one of the two has. */
    private List<String> difference(String table) {
        return differenceOf("select * from %1$s." + table);
    }

    private List<String> differenceOf(String query) {
        return books.queryForList(
                """
                with live as (select r::text from (%1$s) r), aside as (select r::text from (%2$s) r)
                (select * from live except all select * from aside)
                union all
                (select * from aside except all select * from live)
                """.formatted(query.formatted(BooksDatabase.LIVE), query.formatted(BooksDatabase.ASIDE)), String.class);
    }

    @Test
    void rebuilt_books_are_those_that_were_live() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        List<PublishedEvent> events = events("rebuilt", random);
        int half = events.size() / 2;
        apply(Role.LIVE, events, random);

        apply(Role.ASIDE, events.subList(0, half), random);
        assertThat(indexes(BooksDatabase.ASIDE)).noneMatch(index -> index.contains(".entry "));
        // Another process goes on where it was.
        apply(Role.ASIDE, events.subList(half - 1, events.size() - 10), random);
        assertThat(tablesWithoutAutovacuum()).contains("entry");
        generations.complete(2);
        assertThat(indexes(BooksDatabase.ASIDE)).isEqualTo(indexes(BooksDatabase.LIVE));
        assertThat(tablesWithoutAutovacuum()).isEmpty();
        generations.complete(2);
        // The last ones come when there is no more to rebuild.
        apply(Role.ASIDE, events.subList(events.size() - 15, events.size()), random);

        assertThatRebuiltIsLive();
        assertThat(books.queryForObject("select count(*) from books_aside.turnover_hour", Long.class))
                .isPositive();
        assertThat(generations.faults(2)).isEmpty();
        assertThat(differences()).isEmpty();
    }

    private void assertThatRebuiltIsLive() {
        assertThat(List.of("ledger", "event", "transaction", "account", "hold", "held", "account_metadata"))
                .allSatisfy(table -> assertThat(difference(table)).isEmpty());
        assertThat(differenceOf("""
                        select ledger, account, asset, sequence, effective_at, recorded_at, transaction, posting, amount, input,
                               balance
                          from %s.account_entry""")).isEmpty();
        // When entries are added to their days and hours depends on how they came.
        assertThat(differenceOf("""
                        select ledger, account, asset, input, output, held, held_at from %s.balance""")).isEmpty();
        assertThat(List.of("hour", "day")).allSatisfy(span -> assertThat(differenceOf("""
                        select ledger, account, asset, start, sum(input) as input, sum(output) as output
                          from (select ledger, account, asset, %1$s::timestamptz as start, input, output from %%1$s.turnover_%1$s
                                union all
                                select ledger, account, asset, date_trunc('%1$s', effective_at, 'UTC'),
                                       greatest(amount, 0), greatest(-amount, 0)
                                  from %%1$s.account_entry join %%1$s.balance using (ledger, account, asset)
                                 where sequence > folded) side
                         group by 1, 2, 3, 4""".formatted(span)))
                .isEmpty());
    }

    /**
     * Who posts changes all the time, batches are refused and rolled back, and little is kept: what is lost or another's is
     * told from what is known.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void balances_that_are_written_late_are_as_if_they_had_been_written_at_once(boolean rebuilding) throws Exception {
        SplittableRandom random = new SplittableRandom(9);
        List<List<PublishedEvent>> ledgers = late(random, 300);
        generations.posting(new Generation(2, 1), Role.ASIDE).prepare();
        if (!rebuilding) {
            rebuild.finish();
        }
        postInTurns(nodes(), ledgers, rebuilding, random);
        generations.complete(2);
        assertThatRebuiltIsLive();
        assertThat(differences()).isEmpty();
    }

    /** Each is of a segment: it has ledgers of its own, and what it settles is of all. */
    @Test
    void several_write_balances_late_at_the_same_time() throws Exception {
        SplittableRandom random = new SplittableRandom(10);
        List<List<PublishedEvent>> ledgers = late(random, 150);
        generations.posting(new Generation(2, 1), Role.ASIDE).prepare();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> posted = new ArrayList<>();
            for (List<List<PublishedEvent>> segment : List.of(ledgers.subList(0, 3), ledgers.subList(3, 6))) {
                SplittableRandom own = random.split();
                posted.add(threads.submit(() -> postInTurns(nodes(), segment, true, own)));
            }
            for (Future<?> segment : posted) {
                segment.get();
            }
        }
        generations.complete(2);
        assertThatRebuiltIsLive();
        assertThat(differences()).isEmpty();
    }

    /** What the live books have. */
    private List<List<PublishedEvent>> late(SplittableRandom random, int events) throws Exception {
        List<List<PublishedEvent>> ledgers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ledgers.add(new RandomHistory("late-" + i, random).events(events));
            apply(Role.LIVE, ledgers.getLast(), random);
        }
        return ledgers;
    }

    private List<BooksProjection> nodes() {
        return List.of(
                new BooksProjection(books, new Written(1_000), new Unwritten(books, 1_000, 1_000)),
                new BooksProjection(books, new Written(10), new Unwritten(books, 10, 1_000)),
                new BooksProjection(books, new Written(1_000), new Unwritten(books, 1_000, 2)));
    }

    private void postInTurns(
            List<BooksProjection> nodes,
            List<List<PublishedEvent>> ledgers,
            boolean rebuilding,
            SplittableRandom random) {
        BooksProjection node = nodes.getFirst();
        int[] reached = new int[ledgers.size()];
        while (IntStream.range(0, reached.length)
                .anyMatch(i -> reached[i] < ledgers.get(i).size())) {
            List<PublishedEvent> batch = new ArrayList<>();
            int[] next = reached.clone();
            for (int i = random.nextInt(3); i < reached.length; i += 1 + random.nextInt(3)) {
                next[i] = Math.min(ledgers.get(i).size(), reached[i] + random.nextInt(20));
                batch.addAll(ledgers.get(i).subList(Math.max(0, reached[i] - 3), next[i]));
            }
            if (random.nextInt(8) == 0) {
                node = nodes.get(random.nextInt(nodes.size()));
            }
            boolean fails = random.nextInt(8) == 0;
            post(node, batch, rebuilding, random, fails);
            if (!fails) {
                System.arraycopy(next, 0, reached, 0, next.length);
            }
            if (random.nextInt(16) == 0) {
                // Another has perhaps gone on since.
                rebuild.write(nodes.get(random.nextInt(nodes.size())).unwritten());
            }
        }
    }

    /** In parts or at once; sometimes it is refused first, as something follows that cannot be posted. */
    private void post(
            BooksProjection node,
            List<PublishedEvent> batch,
            boolean rebuilding,
            SplittableRandom random,
            boolean fails) {
        transactions.executeWithoutResult(transaction -> {
            books.execute("set local search_path = " + BooksDatabase.ASIDE_SEARCH_PATH);
            for (List<PublishedEvent> part : parts(batch, random)) {
                if (random.nextInt(4) == 0) {
                    savepoints.executeWithoutResult(savepoint -> {
                        assertThatIllegalStateException().isThrownBy(() -> node.apply(refused(part), rebuilding));
                        savepoint.setRollbackOnly();
                    });
                }
                savepoints.executeWithoutResult(savepoint -> node.apply(part, rebuilding));
            }
            if (fails) {
                transaction.setRollbackOnly();
            }
        });
    }

    private static List<List<PublishedEvent>> parts(List<PublishedEvent> batch, SplittableRandom random) {
        if (batch.isEmpty() || random.nextBoolean()) {
            return List.of(batch);
        }
        int cut = random.nextInt(batch.size());
        return List.of(batch.subList(0, cut), batch.subList(cut, batch.size()));
    }

    /** What cannot be posted is the last. */
    private List<PublishedEvent> refused(List<PublishedEvent> events) {
        List<PublishedEvent> refused = new ArrayList<>(events);
        LedgerId ledger =
                events.isEmpty() ? new LedgerId("refused") : events.getLast().ledger();
        long there = books.queryForObject(
                "select coalesce(max(sequence), 0) from ledger where ledger = ?", Long.class, ledger.value());
        long last = events.isEmpty() ? there : Math.max(there, events.getLast().sequence());
        refused.add(History.event(
                ledger,
                last + 1,
                new HoldReleased(
                        UUID.randomUUID(),
                        PAYMENT.source(),
                        PAYMENT.asset(),
                        PAYMENT.amount(),
                        HoldReleased.Reason.VOIDED)));
        return refused;
    }

    private List<String> differences() throws Exception {
        try (Comparison comparison = generations.compare(new Generation(1, 1), new Generation(2, 1))) {
            return comparison.differences();
        }
    }

    @Test
    void every_row_that_is_not_the_same_is_a_difference() throws Exception {
        SplittableRandom random = new SplittableRandom(8);
        List<PublishedEvent> events = events("compared", random);
        apply(Role.LIVE, events, random);
        apply(Role.ASIDE, events, random);
        generations.complete(2);
        assertThat(differences()).isEmpty();

        for (String table : List.of(
                "ledger",
                "event",
                "transaction",
                "account",
                "account_metadata",
                "hold",
                "held",
                "balance",
                "entry",
                "turnover_day",
                "turnover_hour")) {
            String one =
                    " from books_aside." + table + " where ctid = (select min(ctid) from books_aside." + table + ")";
            books.execute("create table missing as select *" + one);
            try (Comparison before = generations.compare(new Generation(1, 1), new Generation(2, 1))) {
                books.update("delete" + one);
                assertThat(before.differences()).as("of the time before").isEmpty();
            }
            assertThat(differences())
                    .as("with a row less in " + table)
                    .isNotEmpty()
                    .allMatch(difference -> difference.endsWith("is in the live books only")
                            || difference.endsWith("is not the same in both"))
                    .first()
                    .asString()
                    .startsWith(table.replace("turnover_", "turnover of the ").replace('_', ' ') + " ");
            books.execute("insert into books_aside." + table + " select * from missing");
            books.execute("drop table missing");
        }
        assertThat(differences()).isEmpty();
        books.update(
                "update books_aside.entry set amount = amount + 1 where ctid = (select min(ctid) from books_aside.entry)");
        assertThat(differences()).isNotEmpty().allMatch(difference -> difference.endsWith("is not the same in both"));
    }
}
