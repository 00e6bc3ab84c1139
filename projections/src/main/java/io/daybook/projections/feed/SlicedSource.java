package io.daybook.projections.feed;

import io.daybook.projections.projection.PublishedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives all that is there at a time, as a {@link Slice}, and the next when that is done. A pooled processor that is given
 * single events reads 1,024 of them ahead, and when it has as many, it looks every 100 ms whether there is room again.
 *
 * @param working the segments that the processor has at the moment
 * @param maxEvents at so many a slice is closed
 * @param maxBytes and at so many bytes of their data: an event may have 1,000 postings
 */
public record SlicedSource(
        StreamableMessageSource<TrackedEventMessage<?>> source,
        Supplier<Set<Integer>> working,
        int maxEvents,
        int maxBytes)
        implements StreamableMessageSource<TrackedEventMessage<?>> {

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        return new Slices(source.openStream(token), working);
    }

    @Override
    public TrackingToken createTailToken() {
        return source.createTailToken();
    }

    @Override
    public TrackingToken createHeadToken() {
        return source.createHeadToken();
    }

    @Override
    public TrackingToken createTokenAt(Instant time) {
        return source.createTokenAt(time);
    }

    private final class Slices implements BlockingStream<TrackedEventMessage<?>> {

        private final BlockingStream<TrackedEventMessage<?>> stream;
        private final Supplier<Set<Integer>> working;
        private volatile Runnable whenAvailable = () -> {};

        /** By the thread that gives it to all segments before it asks for the next. */
        private @Nullable Slice last;

        Slices(BlockingStream<TrackedEventMessage<?>> stream, Supplier<Set<Integer>> working) {
            this.stream = stream;
            this.working = working;
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            whenAvailable = callback;
            return stream.setOnAvailableCallback(callback);
        }

        /** Nothing: a slice is made when it is taken. */
        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return Optional.empty();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return (last == null || !last.isUnderWay(working.get())) && stream.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            List<EventMessage<?>> events = new ArrayList<>();
            int bytes = 0;
            TrackedEventMessage<?> event;
            do {
                event = stream.nextAvailable();
                events.add(event);
                bytes +=
                        event.getPayload() instanceof PublishedEvent published ? Utils.utf8Length(published.data()) : 0;
            } while (events.size() < maxEvents && bytes < maxBytes && stream.hasNextAvailable());
            Slice slice = new Slice(events, () -> whenAvailable.run());
            last = slice;
            return new GenericTrackedEventMessage<>(event.trackingToken(), GenericEventMessage.asEventMessage(slice));
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
