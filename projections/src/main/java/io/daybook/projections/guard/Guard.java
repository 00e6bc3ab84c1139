package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.settings.ProjectionsProperties;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Compares what the stores have with the journal, ledger by ledger: how far they have come with what was appended just now,
 * again and again, and how many they have of all else, in slow rounds. Tokens say what was read; this says what is there.
 *
 * <p>One node does so, that which holds a lock in the books' database.
 */
final class Guard implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    /** So many events of the journal are looked at at a time. */
    private static final long POSITIONS = 50_000;

    /** An installation that was not guarded before is looked at from so many events before its end on; rounds see to the rest. */
    private static final long BEFORE_THE_FIRST = 100_000;

    /** So many ledgers are counted at a time. */
    private static final int PAGE = 100;

    private static final String LOCK = "hashtextextended('guard', 0)";

    private final Journal journal;
    private final List<GuardedProjection> projections;
    private final LedgerAccounts accounts;
    private final GuardRows rows;
    private final DataSource books;
    private final ProjectionsProperties.Guard properties;
    private volatile boolean isGuarding;
    private volatile boolean isStopping;
    private volatile List<Thread> threads = List.of();

    /** Up to which position of the journal it has looked; null before it has begun. */
    private @Nullable Long looked;

    Guard(
            Journal journal,
            List<GuardedProjection> projections,
            LedgerAccounts accounts,
            GuardRows rows,
            DataSource books,
            ProjectionsProperties.Guard properties) {
        this.journal = journal;
        this.projections = projections;
        this.accounts = accounts;
        this.rows = rows;
        this.books = books;
        this.properties = properties;
    }

    private interface Step {
        void take() throws Exception;
    }

    private interface Look {
        void at(GuardedProjection projection) throws Exception;
    }

    @Override
    public void start() {
        isStopping = false;
        if (journal.isKnown()) {
            threads = List.of(
                    Thread.ofPlatform().name("guard").daemon().start(this::guard),
                    Thread.ofPlatform().name("guard-rounds").daemon().start(this::count));
        }
    }

    /** For as long as nobody else does: the lock is the connection's. */
    private void guard() {
        Repeated look = new Repeated("the guard cannot look at what was appended");
        Pace pace = new Pace(properties.share());
        while (!isStopping) {
            look.take(() -> {
                try (Connection connection = books.getConnection()) {
                    if (ask(connection, "pg_try_advisory_lock(" + LOCK + ")")) {
                        guard(connection, look, pace);
                    }
                }
            });
            isGuarding = false;
            looked = null;
            projections.forEach(GuardedProjection::forget);
            look.rest(properties.interval());
        }
    }

    private void guard(Connection connection, Repeated look, Pace pace) throws SQLException {
        try {
            while (!isStopping && ask(connection, "true")) {
                isGuarding = true;
                look.take(() -> look(pace));
                look.rest(properties.interval());
            }
        } finally {
            ask(connection, "pg_advisory_unlock(" + LOCK + ")");
        }
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select " + question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private void look(Pace pace) throws Exception {
        long position;
        try {
            position = lookAtJournal(pace);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            projections.forEach(GuardedProjection::lost);
            throw e;
        }
        try {
            forEach(projection -> {
                projection.look(pace);
                projection.heal(journal);
            });
        } finally {
            rows.position(projections.stream()
                    .mapToLong(projection -> projection.noted(position))
                    .min()
                    .orElse(position));
        }
    }

    /** One whose store does not answer is passed over. */
    private void forEach(Look look) throws Exception {
        Exception failure = null;
        for (GuardedProjection projection : projections) {
            try {
                look.at(projection);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (isStopping) {
                    throw e;
                }
                projection.lost();
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The position up to which it has looked then. */
    private long lookAtJournal(Pace pace) throws Exception {
        long head = pace.ask(journal::head);
        Long before = looked == null ? rows.position() : looked;
        long position = Math.min(head, before == null ? Math.max(0, head - BEFORE_THE_FIRST) : before);
        while (position < head) {
            long after = position;
            long upTo = Math.min(head, after + POSITIONS);
            List<Journal.Change> changes = pace.ask(() -> journal.changes(after, upTo));
            projections.forEach(projection -> projection.add(changes));
            position = upTo;
            looked = position;
        }
        looked = position;
        return position;
    }

    private void count() {
        Repeated step = new Repeated("the guard cannot count");
        Pace pace = new Pace(properties.share());
        Round round = new Round(pace);
        while (!isStopping) {
            step.take(() -> {
                if (isGuarding) {
                    forEach(projection -> projection.decide(journal, accounts, pace));
                    round.goOn();
                } else {
                    round.rest();
                }
            });
            if (!round.isUnderWay()) {
                step.rest(properties.interval());
            }
        }
    }

    /** All ledgers, one after the other; then it rests. */
    private final class Round {

        private final Pace pace;
        private Duration busy = Duration.ZERO;
        private Instant restsSince = Instant.now();
        private boolean isUnderWay;

        Round(Pace pace) {
            this.pace = pace;
        }

        /** Whether the next ledgers are to be counted at once: it is the pace that has them wait. */
        boolean isUnderWay() {
            return isUnderWay;
        }

        void rest() {
            isUnderWay = false;
            restsSince = Instant.now();
        }

        /** Counts the next ledgers, if it does not rest. */
        void goOn() throws Exception {
            if (!isUnderWay && Duration.between(restsSince, Instant.now()).compareTo(properties.pause()) < 0) {
                return;
            }
            // What fails is tried again after a while.
            isUnderWay = false;
            String after = rows.swept();
            long head = pace.ask(journal::head);
            SortedMap<LedgerId, Long> heads = pace.ask(() -> journal.headsAfter(after, PAGE));
            if (heads.isEmpty()) {
                LOG.info(
                        "a round over all ledgers took {}; stores were asked for {} of it",
                        rows.roundEnded(),
                        pace.busy().minus(busy));
                busy = pace.busy();
                rest();
                return;
            }
            rows.swept(after);
            try {
                forEach(projection -> projection.sweep(heads, head, accounts, pace));
            } finally {
                rows.swept(heads.lastKey().value());
            }
            isUnderWay = true;
        }
    }

    /** What is done again and again, and may fail: that is told once, until it is something else. */
    private final class Repeated {

        private final String failed;
        private String told = "";

        Repeated(String failed) {
            this.failed = failed;
        }

        void take(Step step) {
            try {
                step.take();
                told = "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // What is interrupted fails in as many ways as there are stores.
                if (!isStopping && !told.equals(e.toString())) {
                    LOG.warn("{} now; trying again: {}", failed, e.toString());
                }
                told = e.toString();
            }
        }

        void rest(Duration interval) {
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void stop() {
        isStopping = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads = List.of();
    }

    @Override
    public boolean isRunning() {
        return !threads.isEmpty();
    }
}
