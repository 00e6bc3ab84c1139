package io.daybook.command.store;

import io.daybook.axon.AxonEvents;
import io.daybook.events.StoredEvent;
import io.daybook.stores.JournalRows;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The journal from a position on, in its order and without end. It takes what this process has just committed from memory,
 * and everything else from the store. It waits for commits of this process, and looks now and then for those of others. For one reader.
 */
final class JournalStream implements TrackingEventStream {

    /** How many events are fetched at once. */
    private static final int FETCH_SIZE = 5_000;

    /** How long to wait for commits of this process before looking for others'. */
    private static final long LOOK_AGAIN_MS = 1_000;

    private static final long UNKNOWN = -1;

    private final JdbcTemplate journal;
    private final JournalTail tail;
    private final int fetchSize;
    private final String select;
    private final Queue<TrackedEventMessage<?>> fetched = new ArrayDeque<>();
    private long position;

    /** What follows {@link #position} in the store, read while what was fetched is taken; null unless there is more. */
    private @Nullable Future<List<Row>> ahead;

    /** How many commits there were when all events had been fetched, or unknown if there may be more events. */
    private long exhaustedAt = UNKNOWN;

    /**
     * @param token of the last event that is not wanted any more; null for all events
     */
    JournalStream(JdbcTemplate journal, JournalTail tail, @Nullable TrackingToken token) {
        this(journal, tail, token, FETCH_SIZE);
    }

    /**
     * @param fetchSize how many events are fetched at once
     */
    JournalStream(JdbcTemplate journal, JournalTail tail, @Nullable TrackingToken token, int fetchSize) {
        this.fetchSize = fetchSize;
        this.select =
                "select " + JournalRows.COLUMNS + " from event where position > ? order by position limit " + fetchSize;
        this.journal = journal;
        this.tail = tail;
        this.position = token == null
                ? 0
                : WrappedToken.unwrapLowerBound(token).position().orElseThrow();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        while (fetched.isEmpty()) {
            if (exhaustedAt != tail.count()) {
                fetch();
                continue;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            tail.await(exhaustedAt, Math.min(left, LOOK_AGAIN_MS));
            exhaustedAt = UNKNOWN;
        }
        return true;
    }

    private record Row(long position, StoredEvent event) {}

    private void fetch() throws InterruptedException {
        long commitsBefore = tail.count();
        boolean wasReadAhead = ahead != null;
        List<StoredEvent> committed = wasReadAhead ? List.of() : tail.after(position, fetchSize);
        boolean isFromStore = committed.isEmpty();
        if (isFromStore) {
            List<Row> rows = wasReadAhead ? readAhead() : read(position);
            rows.forEach(row -> add(row.position(), row.event()));
        } else {
            committed.forEach(event -> add(position + 1, event));
        }
        boolean isMore = fetched.size() == fetchSize;
        if (isMore && isFromStore) {
            beginToReadAhead();
        }
        exhaustedAt = isMore || wasReadAhead ? UNKNOWN : commitsBefore;
    }

    private List<Row> read(long after) {
        return journal.query(select, (row, n) -> new Row(JournalRows.position(row), JournalRows.event(row)), after);
    }

    private void beginToReadAhead() {
        long after = position;
        FutureTask<List<Row>> task = new FutureTask<>(() -> read(after));
        Thread.ofVirtual().name("journal-ahead").start(task);
        ahead = task;
    }

    private List<Row> readAhead() throws InterruptedException {
        try {
            return ahead.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the journal cannot be read now", e.getCause());
        } finally {
            ahead = null;
        }
    }

    private void add(long at, StoredEvent event) {
        position = at;
        fetched.add(new GenericTrackedDomainEventMessage<>(
                GapAwareTrackingToken.newInstance(at, Set.of()), AxonEvents.of(event)));
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return hasNextAvailable() ? Optional.of(fetched.element()) : Optional.empty();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!hasNextAvailable(Integer.MAX_VALUE, TimeUnit.MILLISECONDS)) {
            // Until there is one.
        }
        return fetched.remove();
    }

    @Override
    public void close() {
        // Nothing is held between two fetches.
    }
}
