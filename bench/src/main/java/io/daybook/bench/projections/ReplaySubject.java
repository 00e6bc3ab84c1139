package io.daybook.bench.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.history.PublishedHistory;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.bench.setup.Applications;
import io.daybook.projections.books.BooksConfiguration;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.journal.JournalConfiguration;
import io.daybook.projections.posting.PostingConfiguration;
import io.daybook.projections.replay.ReplayConfiguration;
import io.daybook.projections.status.StatusConfiguration;
import io.daybook.stores.BooksDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Replays the books of a history, again and again. */
final class ReplaySubject implements Subject {

    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As {@code ./daybook replay} has it if nothing is said. */
    private static final int THREADS = 2;

    private final int events;
    private final Map<String, String> services;
    private final ConfigurableApplicationContext application;
    private final HikariDataSource database;
    private final JdbcTemplate books;

    ReplaySubject(int events, Map<String, String> services) throws Exception {
        this.events = events;
        this.services = services;
        try (PublishedHistory history = new PublishedHistory(services)) {
            history.publish(events);
        }
        // The history is made up, and in no event store that a check could take samples from.
        Map<String, String> withoutEventStore = new HashMap<>(services);
        withoutEventStore.keySet().removeIf(property -> property.startsWith("daybook.event-store."));
        application = Applications.start(
                withoutEventStore,
                FeedConfiguration.class,
                PostingConfiguration.class,
                JournalConfiguration.class,
                BooksConfiguration.class,
                StatusConfiguration.class,
                ReplayConfiguration.class);
        database =
                SubjectDatabase.open(services, SubjectDatabase.BOOKS, 1, "?currentSchema=" + BooksDatabase.SEARCH_PATH);
        books = new JdbcTemplate(database);
        await("select coalesce(sum(sequence), 0) = " + events + " from ledger");
    }

    @Override
    public String name() {
        return "Daybook's replay";
    }

    /** However long it takes: a round is a whole replay. */
    @Override
    public Measured run(Duration duration) throws Exception {
        int live = books.queryForObject("select live from generation where projection = 'books'", Integer.class);
        long start = System.nanoTime();
        books.update(
                "update generation set wanted = 'replay', wanted_parallel = ? where projection = 'books'", THREADS);
        await("select live > " + live + " from generation where projection = 'books'");
        return new Measured(events, System.nanoTime() - start, Measured.histogram());
    }

    private void await(String condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!books.queryForObject(condition, Boolean.class)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("after " + PATIENCE + " it is not so: " + condition + "; the replay is "
                        + books.queryForMap("select * from generation where projection = 'books'"));
            }
            Thread.sleep(INTERVAL);
        }
    }

    @Override
    public void rest() {
        SubjectDatabase.vacuum(services, SubjectDatabase.BOOKS);
    }

    @Override
    public void verify() {
        try (Store store = new BooksStore(services)) {
            store.verify(events);
        } catch (Exception e) {
            throw new AssertionError("what was replayed cannot be read", e);
        }
    }

    @Override
    public void close() {
        application.close();
        database.close();
    }
}
