package io.daybook.projections.feed;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
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
        return new PromptStream(sources.apply(buffer).openStream(withFirstEvents(token)), buffer);
    }

    /**
     * After a batch has failed, a processor goes on from the lower bound of its tokens. In that of the extension (4.9.0) a
     * partition of which nothing was read stands at 0 instead of nowhere, and the first event there would never come. So the
     * first event of a partition is read again whenever a token is there; who has it knows it.
     */
    private static @Nullable TrackingToken withFirstEvents(@Nullable TrackingToken token) {
        if (!(token instanceof KafkaTrackingToken positions)) {
            return token;
        }
        Map<TopicPartition, Long> later = new HashMap<>(positions.getPositions());
        later.values().removeIf(offset -> offset == 0);
        return KafkaTrackingToken.newInstance(later);
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

        /** What is being fetched at that moment still comes, when there may be nobody any more who could be told. */
        @Override
        public void close() {
            buffer.onAvailable(() -> {});
            stream.close();
        }
    }
}
