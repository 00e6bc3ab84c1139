package io.daybook.bench.projections;

import io.daybook.bench.measure.Backlog.Worker;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.projections.projection.PublishedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Applies events as one does it first: a consumer, and for each event the calls that it needs, one after the other. How far
 * it has come it leaves to Kafka, once for all that it was given at a time, which is in its favour.
 */
final class OneByOne implements Worker {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Store store;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread = Thread.ofPlatform().name("one-by-one").unstarted(this::apply);
    private volatile long done;
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    OneByOne(Store store, Map<String, String> services) {
        this.store = store;
        String prefix = services.get("daybook.kafka.topic-prefix");
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        services.get("daybook.kafka.bootstrap-servers"),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        prefix,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(EventsInKafka.topic(prefix)));
        thread.start();
    }

    private void apply() {
        try (consumer) {
            while (!closed) {
                long applied = done;
                for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                    store.write(PublishedEvent.of(EventMessages.event(message)));
                    done = ++applied;
                }
                consumer.commitSync();
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    @Override
    public long done() {
        if (failure != null) {
            throw new IllegalStateException("an event could not be applied", failure);
        }
        return done;
    }

    @Override
    public void close() throws Exception {
        closed = true;
        thread.join();
        store.close();
    }
}
