package io.daybook.projections.books;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.events.LedgerId;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is missing of a ledger in the books is found by counting, in parts or at once. */
class BooksCountsTest {

    private static final long SEED = new SplittableRandom().nextLong();
    private static final int EVENTS = 200;
    private static final LedgerId LEDGER = new LedgerId("counted");
    private static final LedgerId OTHER = new LedgerId("counted-other");
    private static final Pace AT_ONCE = new Pace(1);

    private static HikariDataSource source;
    private static JdbcTemplate books;
    private static TransactionTemplate transactions;
    private static List<PublishedEvent> next;

    @BeforeAll
    static void post() {
        var services = SharedServices.get().isolated();
        source = new HikariDataSource();
        source.setJdbcUrl(services.get("daybook.books.jdbc-url"));
        source.setUsername(services.get("daybook.books.username"));
        source.setPassword(services.get("daybook.books.password"));
        source.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        source.setMaximumPoolSize(2);
        new BooksSchemas(source).migrate();
        books = new JdbcTemplate(source);
        transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        SplittableRandom random = new SplittableRandom(SEED);
        for (LedgerId ledger : List.of(LEDGER, OTHER)) {
            List<PublishedEvent> events = new RandomHistory(ledger.value(), random).events(EVENTS);
            // The books are told of the last ones only while something is counted.
            next = events.subList(EVENTS - 10, events.size());
            post(events.subList(0, EVENTS - 10));
        }
    }

    @AfterAll
    static void disconnect() {
        source.close();
    }

    private static void post(List<PublishedEvent> events) {
        transactions.executeWithoutResult(transaction -> new BooksProjection(books).apply(events));
    }

    /** At once, or by as small parts as there can be. */
    private static BooksCounts counts(boolean inParts) {
        return inParts ? new BooksCounts(books, 1, 3, 2, 1) : new BooksCounts(books);
    }

    private static Map<LedgerId, LedgerCount> count(boolean inParts) {
        try {
            return counts(inParts).count(Map.of(LEDGER, EVENTS - 10L, OTHER, EVENTS - 10L), AT_ONCE);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void any_row_that_is_deleted_is_missed_and_only_in_its_ledger(boolean inParts) {
        assertThat(count(inParts).values()).as("seed %d", SEED).allMatch(LedgerCount::isComplete);
        SplittableRandom random = new SplittableRandom(SEED);
        for (String table : List.of("event", "transaction", "account", "entry")) {
            for (int i = 0; i < 10; i++) {
                int row = random.nextInt(1_000_000);
                transactions.executeWithoutResult(transaction -> {
                    assertThat(books.update(
                                    """
                                    delete from %1$s where ctid in (
                                        select of.ctid from %1$s of %2$s where ledger = ? order by of.ctid
                                        offset ? %% (select count(*) from %1$s of %2$s where ledger = ?) limit 1)
                                    """.formatted(
                                            table,
                                            table.equals("entry") ? "join balance on number = balance_number" : ""),
                                    LEDGER.value(),
                                    row,
                                    LEDGER.value()))
                            .isOne();
                    Map<LedgerId, LedgerCount> counts = count(inParts);
                    assertThat(counts.get(LEDGER).fault())
                            .as("%s %d, seed %d", table, row, SEED)
                            .isNotNull();
                    assertThat(counts.get(OTHER).isComplete())
                            .as("%s %d, seed %d", table, row, SEED)
                            .isTrue();
                    transaction.setRollbackOnly();
                });
            }
        }
    }

    @Test
    void what_a_ledger_has_not_come_to_is_missed() throws Exception {
        assertThat(counts(false).count(Map.of(LEDGER, (long) EVENTS), AT_ONCE))
                .containsEntry(LEDGER, LedgerCount.reached(EVENTS - 10, EVENTS));
        assertThat(counts(false).count(Map.of(new LedgerId("nowhere"), 1L), AT_ONCE))
                .containsEntry(new LedgerId("nowhere"), LedgerCount.reached(0, 1));
    }

    @Test
    void what_is_posted_while_parts_are_counted_is_not_counted_with_them() throws Exception {
        Pace posting = new Pace(1);
        boolean[] isPosted = {false};
        BooksCounts counts = new BooksCounts(
                new JdbcTemplate(source) {
                    @Override
                    public <T> T queryForObject(String sql, Class<T> type, Object... values) {
                        if (!isPosted[0]) {
                            isPosted[0] = true;
                            post(next);
                        }
                        return super.queryForObject(sql, type, values);
                    }
                },
                1,
                3,
                2,
                1);

        assertThat(counts.count(Map.of(OTHER, EVENTS - 10L), posting)).containsEntry(OTHER, LedgerCount.COMPLETE);

        assertThat(isPosted[0]).isTrue();
        assertThat(count(true)).containsEntry(OTHER, LedgerCount.COMPLETE);
    }
}
