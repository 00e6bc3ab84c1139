package io.daybook.projections.feed;

import io.daybook.axon.EventConverters;
import io.daybook.axon.LedgerEventSerializer;
import io.daybook.axon.TopicToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.ConsumerFactory;
import org.axonframework.extensions.kafka.eventhandling.consumer.Fetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.StreamableKafkaMessageSource;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka extension's source, with tokens of our own, and with streams that say when there is something to read. Those of the
 * extension do not, and a pooled processor then looks every 500 ms.
 */
public final class PromptKafkaSource implements StreamableMessageSource<TrackedEventMessage<?>> {

    private final Function<FifoBuffer<KafkaEventMessage>, StreamableKafkaMessageSource<String, byte[]>> sources;
    private final int capacity;

    /**
     * @param sources gives a source whose stream reads from a buffer
     * @param capacity how many events may wait in one
     */
    PromptKafkaSource(
            Function<FifoBuffer<KafkaEventMessage>, StreamableKafkaMessageSource<String, byte[]>> sources,
            int capacity) {
        this.sources = sources;
        this.capacity = capacity;
    }

    /**
     * Reads the topic of events, each with what it says.
     *
     * @param capacity how many events may wait for whoever reads
     */
    public static PromptKafkaSource of(
            String topic,
            ConsumerFactory<String, byte[]> consumers,
            Fetcher<String, byte[], KafkaEventMessage> fetcher,
            int capacity) {
        return new PromptKafkaSource(
                buffer -> StreamableKafkaMessageSource.<String, byte[]>builder()
                        .topics(List.of(topic))
                        .consumerFactory(consumers)
                        .fetcher(fetcher)
                        .messageConverter(new ReadingConverter(EventConverters.storedEvents()))
                        .bufferFactory(() -> buffer)
                        // Not used, as the converter is ours; without one the builder makes one of XStream.
                        .serializer(new LedgerEventSerializer())
                        .build(),
                capacity);
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        KafkaTrackingToken inKafka = token == null ? null : ((TopicToken) token).inKafka();
        FifoBuffer<KafkaEventMessage> buffer = new FifoBuffer<>(capacity);
        return new PromptStream(sources.apply(buffer).openStream(inKafka), buffer);
    }

    @Override
    public TrackingToken createHeadToken() {
        return ours(sources.apply(new FifoBuffer<>(capacity)).createHeadToken());
    }

    @Override
    public TrackingToken createTokenAt(Instant time) {
        return ours(sources.apply(new FifoBuffer<>(capacity)).createTokenAt(time));
    }

    private static TopicToken ours(TrackingToken token) {
        return TopicToken.of((KafkaTrackingToken) token);
    }

    private static TrackedEventMessage<?> ours(TrackedEventMessage<?> event) {
        return event.withTrackingToken(ours(event.trackingToken()));
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
            return stream.peek().map(PromptKafkaSource::ours);
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return stream.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return ours(stream.nextAvailable());
        }

        /** What is being fetched at that moment still comes, when there may be nobody any more who could be told. */
        @Override
        public void close() {
            buffer.onAvailable(() -> {});
            stream.close();
        }
    }
}
