package io.daybook.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.axon.TopicToken;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.services.SharedServices;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.Fetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PromptKafkaSourceTest {

    /** Of ledgers in different partitions. */
    private static final List<String> LEDGERS = List.of("first", "hole", "last", "newer");

    private static final int TIMEOUT_SECONDS = 60;

    private final SharedServices.Isolated services = SharedServices.get().isolated();

    /** A processor that has read all, and committed nothing but the first ledger's, goes on from there after a failure. */
    @Test
    void the_first_event_of_a_partition_comes_again_after_a_failure() throws Exception {
        String servers = services.get("daybook.kafka.bootstrap-servers");
        String prefix = services.get("daybook.kafka.topic-prefix");
        new EventsTopic(servers, EventsInKafka.topic(prefix), 12, 1).declare();
        publish(servers, EventsInKafka.topic(prefix));
        FeedConfiguration feed = new FeedConfiguration();
        ProjectionsProperties properties = new Binder(new MapConfigurationPropertySource(services.properties()))
                .bind("daybook", ProjectionsProperties.class)
                .get();
        Fetcher<String, byte[], KafkaEventMessage> fetcher = feed.fetcher(properties);
        try {
            StreamableMessageSource<TrackedEventMessage<?>> source =
                    feed.publishedEvents(feed.consumerFactory(properties), fetcher, properties);
            List<TrackedEventMessage<?>> read = read(source, null, LEDGERS.size());
            TrackingToken stored = read.getFirst().trackingToken();
            TrackingToken scheduled = read.getLast().trackingToken();
            assertThat(positions(stored)).hasSize(1);
            assertThat(positions(scheduled)).hasSize(LEDGERS.size());

            List<TrackedEventMessage<?>> again = read(source, scheduled.lowerBound(stored), LEDGERS.size() - 1);

            assertThat(again).doesNotContain(read.getFirst()).hasSize(LEDGERS.size() - 1);
        } finally {
            fetcher.shutdown();
        }
    }

    private static Map<TopicPartition, Long> positions(TrackingToken token) {
        return ((TopicToken) token).positions();
    }

    private static List<TrackedEventMessage<?>> read(
            StreamableMessageSource<TrackedEventMessage<?>> source, @Nullable TrackingToken from, int events)
            throws InterruptedException {
        List<TrackedEventMessage<?>> read = new ArrayList<>();
        try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(from)) {
            while (read.size() < events && stream.hasNextAvailable(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                read.add(stream.nextAvailable());
            }
        }
        return read;
    }

    private static void publish(String servers, String topic) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (String ledger : LEDGERS) {
                producer.send(EventMessages.message(
                        new StoredEvent(
                                ledger,
                                new Envelope(
                                        1,
                                        UUID.randomUUID(),
                                        Instant.EPOCH,
                                        "request",
                                        "tester",
                                        HashChain.FIRST_VERSION,
                                        "00".repeat(32)),
                                "daybook.ledger-opened.v1",
                                null,
                                "{}".getBytes(StandardCharsets.UTF_8)),
                        topic));
            }
        }
    }
}
