package io.daybook.projections.journal;

import io.daybook.axon.AxonEvents;
import io.daybook.projections.projection.PublishedEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** The journal as a source of events, in the order of their positions. The payload of each is a {@link PublishedEvent}. */
public final class JournalSource implements StreamableMessageSource<TrackedEventMessage<?>> {

    private final Journal journal;

    public JournalSource(Journal journal) {
        this.journal = journal;
    }

    /** The position that all of some tokens of this source have come to; 0 for none. */
    public static long position(Collection<? extends @Nullable TrackingToken> tokens) {
        return tokens.stream().mapToLong(JournalSource::position).min().orElse(0);
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null
                ? 0
                : WrappedToken.unwrapLowerBound(token).position().orElse(0);
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        return new Stream(journal, position(token));
    }

    /** For one reader. */
    private static final class Stream implements BlockingStream<TrackedEventMessage<?>> {

        private final Journal journal;
        private final Queue<TrackedEventMessage<?>> fetched = new ArrayDeque<>();
        private long position;
        private long exhaustedNanos;
        private boolean isExhausted;

        Stream(Journal journal, long position) {
            this.journal = journal;
            this.position = position;
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            long end = System.nanoTime() + unit.toNanos(timeout);
            while (fetched.isEmpty()) {
                long rest = isExhausted
                        ? journal.settings().interval().toNanos() - (System.nanoTime() - exhaustedNanos)
                        : 0;
                if (rest <= 0) {
                    fetch();
                } else if (System.nanoTime() + rest > end) {
                    return false;
                } else {
                    TimeUnit.NANOSECONDS.sleep(rest);
                }
            }
            return true;
        }

        private void fetch() {
            List<Journal.Entry> entries =
                    journal.following(position, journal.settings().fetchSize());
            for (Journal.Entry entry : entries) {
                position = entry.position();
                fetched.add(new GenericTrackedEventMessage<>(
                        GapAwareTrackingToken.newInstance(position, Set.of()),
                        PublishedEvent.in(AxonEvents.of(entry.event()))));
            }
            isExhausted = entries.size() < journal.settings().fetchSize();
            exhaustedNanos = System.nanoTime();
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return hasNextAvailable() ? Optional.of(fetched.element()) : Optional.empty();
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            while (!hasNextAvailable(1, TimeUnit.SECONDS)) {
                // Until there is one.
            }
            return fetched.remove();
        }

        @Override
        public void close() {
            // Nothing is held between two fetches.
        }
    }
}
