package io.daybook.projections.feed;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.StreamableKafkaMessageSource;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka extension's source, with streams that say when there is something to read. Those of the extension do not, and a
 * pooled processor then looks every 500 ms.
 */
final class PromptKafkaSource implements StreamableMessageSource<TrackedEventMessage<?>> {

    private final Function<FifoBuffer<KafkaEventMessage>, StreamableKafkaMessageSource<String, byte[]>> sources;

    /**
     * @param sources gives a source whose stream reads from a buffer
     */
    PromptKafkaSource(Function<FifoBuffer<KafkaEventMessage>, StreamableKafkaMessageSource<String, byte[]>> sources) {
        this.sources = sources;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        FifoBuffer<KafkaEventMessage> buffer = new FifoBuffer<>();
        return new PromptStream(sources.apply(buffer).openStream(token), buffer);
    }

    @Override
    public TrackingToken createHeadToken() {
        return sources.apply(new FifoBuffer<>()).createHeadToken();
    }

    @Override
    public TrackingToken createTokenAt(Instant time) {
        return sources.apply(new FifoBuffer<>()).createTokenAt(time);
    }

    private record PromptStream(BlockingStream<TrackedEventMessage<?>> stream, FifoBuffer<KafkaEventMessage> buffer)
            implements BlockingStream<TrackedEventMessage<?>> {

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            buffer.onAvailable(callback);
            return true;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return stream.peek();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return stream.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return stream.nextAvailable();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
