package io.daybook.axon;

import io.cloudevents.CloudEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.cloudevent.CloudEventKafkaMessageConverter;

/** How events travel: as CloudEvents, keyed by ledger, in one topic that is kept forever. */
public final class EventsInKafka {

    /** More ledgers than partitions share them; the events of one ledger are always in one, in order. */
    private static final int PARTITIONS = 12;

    /**
     * The largest message, in bytes. No event that the API takes is larger: the largest has about 3.3 million, of 1,000
     * postings and 100 entries of metadata full of characters that JSON escapes.
     */
    public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    /** What CloudEvents calls the events' source: Daybook, whichever server wrote them. */
    static final URI SOURCE = URI.create("/daybook");

    static final String CONTENT_TYPE = "application/json";

    /** CloudEvents' names of extensions have no capitals. */
    static final String REQUEST_ID = "requestid";

    static final String ACTOR = "actor";
    static final String CHAIN = "chain";
    static final String HASH = "hash";

    private EventsInKafka() {}

    /**
     * The name of the topic.
     *
     * @param prefix that of the installation's topics, {@code daybook} by default
     */
    public static String topic(String prefix) {
        return prefix + ".events";
    }

    /**
     * The partition that has all events of a ledger: that which Kafka's producers choose by the key.
     *
     * @param partitions how many the topic has
     */
    public static int partition(LedgerId ledger, int partitions) {
        return Utils.toPositive(Utils.murmur2(ledger.value().getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /**
     * The Kafka extension's converter as another Axon application would use it on the topic. It cannot read an event's
     * sequence (axon-kafka 4.9.0 takes the header for a number, which it is not in CloudEvents' binary mode, and gives 0),
     * and leaves out what is not an event without a word; {@link #reader} does neither.
     */
    public static KafkaMessageConverter<String, CloudEvent> converter() {
        return CloudEventKafkaMessageConverter.builder()
                .serializer(new LedgerEventSerializer())
                .sourceSupplier(event -> SOURCE)
                .dataContentTypeSupplier(event -> Optional.of(CONTENT_TYPE))
                .addMetadataMapper(RecordedEvent.Metadata.REQUEST_ID, REQUEST_ID)
                .addMetadataMapper(RecordedEvent.Metadata.ACTOR, ACTOR)
                .addMetadataMapper(RecordedEvent.Metadata.CHAIN, CHAIN)
                .addMetadataMapper(RecordedEvent.Metadata.HASH, HASH)
                .build();
    }

    /**
     * Reads events as they were stored; their payloads are {@link StoredEvent}s, and that of a message that is not an event
     * an {@link UnreadableMessage}.
     */
    public static KafkaMessageConverter<String, byte[]> reader() {
        return new StoredEventConverter();
    }

    /**
     * Declares the topic if it is not there yet. Whoever needs it first does.
     *
     * @throws ExecutionException if Kafka cannot be reached or refuses
     */
    public static void declareTopic(String bootstrapServers, String topic)
            throws ExecutionException, InterruptedException {
        Topics.declare(
                bootstrapServers,
                new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG, "-1",
                                TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES),
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")));
    }
}
