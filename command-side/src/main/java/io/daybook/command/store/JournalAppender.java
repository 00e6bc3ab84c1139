package io.daybook.command.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that appends to the journal. Whatever writers have given it while it was waiting for a commit goes into the
 * next transaction together, so that one flush of the disk serves all ledgers, and writers decide meanwhile.
 *
 * <p>Appends of one store follow each other anyhow, as each moves the journal's head ({@code docs/adr/0003}). Callers are told
 * by a thread beside it, so that PostgreSQL is at the next append meanwhile.
 */
public final class JournalAppender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JournalAppender.class);

    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(100);

    private final DataSource eventStore;
    private final JournalTail tail;
    private final int maxRows;
    private final Duration stopTimeout;

    /** Bounded by the writers: each waits when some batches are on their way. */
    private final BlockingQueue<JournalAppend> waiting = new LinkedBlockingQueue<>();

    private final Thread thread;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("journal-answers").factory());
    private volatile boolean taking = true;

    /**
     * @param maxRows at this many rows a transaction is closed; what was given as one is never divided
     * @param stopTimeout how long the end waits for what is under way
     */
    JournalAppender(DataSource eventStore, JournalTail tail, int maxRows, Duration stopTimeout) {
        this.eventStore = eventStore;
        this.tail = tail;
        this.maxRows = maxRows;
        this.stopTimeout = stopTimeout;
        this.thread = Thread.ofPlatform().name("journal-appender").start(this::run);
    }

    /**
     * Begins what a unit of work will add. It is given to the journal when the unit commits.
     *
     * @param before what was committed by the same thread before it and is perhaps not durable yet, in its order: nothing is
     *     appended if something before it could not be
     */
    public JournalAppend begin(UnitOfWork<?> unit, List<JournalAppend> before) {
        JournalAppend append = new JournalAppend(before.reversed().stream()
                .filter(earlier -> !earlier.isEmpty())
                .findFirst()
                .orElse(null));
        append.attachTo(unit);
        unit.onCommit(committing -> {
            if (!append.isEmpty()) {
                waiting.add(append);
            }
        });
        return append;
    }

    /** Done when what a committed unit of work has added is durable; null if it has added nothing. */
    public static @Nullable CompletableFuture<Void> durable(UnitOfWork<?> unit) {
        JournalAppend append = JournalAppend.of(unit);
        return append == null || append.isEmpty() ? null : append.durable();
    }

    private void run() {
        List<JournalAppend> together = new ArrayList<>();
        while (taking || !waiting.isEmpty()) {
            try {
                JournalAppend next = waiting.poll(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS);
                for (int rows = 0; next != null; next = rows < maxRows ? waiting.poll() : null) {
                    together.add(next);
                    rows += next.size();
                }
                append(together);
            } catch (InterruptedException e) {
                taking = false; // nobody interrupts it but to end it; what waits is still appended
            } finally {
                together.clear();
            }
        }
    }

    private void append(List<JournalAppend> together) {
        // One that is in the same transaction as what is before it succeeds or fails with it.
        together.removeIf(append -> {
            Throwable obstacle = append.obstacle();
            return obstacle != null && append.durable().completeExceptionally(obstacle);
        });
        if (together.isEmpty()) {
            return;
        }
        try {
            write(together);
        } catch (Exception | Error e) {
            Throwable failure = isConflict(e) ? new ConcurrencyException("another one writes these ledgers too", e) : e;
            together.forEach(append -> append.durable().completeExceptionally(failure));
            return;
        }
        List<JournalAppend> written = List.copyOf(together);
        answers.execute(() -> written.forEach(append -> append.durable().complete(null)));
    }

    private void write(List<JournalAppend> together) throws SQLException {
        List<JournalEntry> entries = all(together, JournalAppend::entries);
        List<JournalAppend.Remembered> remembered = all(together, JournalAppend::remembered);
        long before = 0;
        try (Connection connection = eventStore.getConnection()) {
            connection.setAutoCommit(false);
            try {
                HoldDeadlines.note(connection, entries);
                for (BesideJournal rows : all(together, JournalAppend::beside)) {
                    rows.write(connection);
                }
                if (!remembered.isEmpty()) {
                    RememberedCommands.write(connection, remembered);
                }
                boolean importsMayRun = !remembered.isEmpty();
                if (!entries.isEmpty()) {
                    JournalTable.Appended appended = JournalTable.append(connection, entries);
                    before = appended.before();
                    importsMayRun = appended.imports() > 0;
                }
                if (importsMayRun) {
                    RunningImports.requireNone(
                            connection, together.stream().flatMap(JournalAppend::ledgersBesideImports));
                }
                connection.commit();
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            }
        }
        if (!entries.isEmpty()) {
            tail.committed(before, entries.stream().map(JournalEntry::stored).toList());
        }
    }

    private static <T> List<T> all(List<JournalAppend> together, Function<JournalAppend, List<T>> part) {
        return together.size() == 1
                ? part.apply(together.getFirst())
                : together.stream()
                        .flatMap(append -> part.apply(append).stream())
                        .toList();
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof SQLException sql && JournalTable.isDuplicateKey(sql);
    }

    /** Appends what waits, and ends. The writers must have ended before. */
    @Override
    public void close() {
        taking = false;
        try {
            if (!thread.join(stopTimeout)) {
                LOG.error("the journal did not take what was left within {}", stopTimeout);
            }
            answers.shutdown();
            if (!answers.awaitTermination(stopTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("the callers of what was appended were not told within {}", stopTimeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
