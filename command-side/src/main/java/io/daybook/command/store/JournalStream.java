package io.daybook.command.store;

import io.daybook.axon.JournalRows;
import io.daybook.axon.StoredEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * The journal from a position on, in its order and without end. It takes what this process has just committed from memory,
 * and everything else from the store. It waits for commits of this process, and looks now and then for those of others. For one reader.
 */
final class JournalStream implements TrackingEventStream {

    /** How many events are fetched at once. */
    private static final int FETCH_SIZE = 2_000;

    /** How long to wait for commits of this process before looking for others'. */
    private static final long LOOK_AGAIN_MS = 1_000;

    private static final long UNKNOWN = -1;

    private static final String SELECT =
            "select " + JournalRows.COLUMNS + " from event where position > ? order by position limit " + FETCH_SIZE;

    private final JdbcTemplate journal;
    private final JournalTail tail;
    private final Queue<TrackedEventMessage<?>> fetched = new ArrayDeque<>(FETCH_SIZE);
    private long position;

    /** How many commits there were when all events had been fetched, or unknown if there may be more events. */
    private long exhaustedAt = UNKNOWN;

    /**
     * @param token of the last event that is not wanted any more; null for all events
     */
    JournalStream(JdbcTemplate journal, JournalTail tail, @Nullable TrackingToken token) {
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

    private void fetch() {
        long commitsBefore = tail.count();
        List<StoredEvent> events = tail.after(position, FETCH_SIZE);
        if (events.isEmpty()) {
            journal.query(
                    SELECT,
                    (RowCallbackHandler) row -> add(JournalRows.position(row), JournalRows.event(row)),
                    position);
        } else {
            events.forEach(event -> add(position + 1, event));
        }
        exhaustedAt = fetched.size() == FETCH_SIZE ? UNKNOWN : commitsBefore;
    }

    private void add(long at, StoredEvent event) {
        position = at;
        fetched.add(new GenericTrackedDomainEventMessage<>(
                GapAwareTrackingToken.newInstance(at, Set.of()), event.asAxonEvent()));
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
