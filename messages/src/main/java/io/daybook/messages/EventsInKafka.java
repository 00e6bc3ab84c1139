package io.daybook.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daybook.events.LedgerId;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

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
    public static final URI SOURCE = URI.create("/daybook");

    public static final String CONTENT_TYPE = "application/json";

    /** CloudEvents' names of extensions have no capitals. */
    public static final String REQUEST_ID = "requestid";

    public static final String ACTOR = "actor";
    public static final String CHAIN = "chain";
    public static final String HASH = "hash";

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
        return Utils.toPositive(Utils.murmur2(ledger.value().getBytes(UTF_8))) % partitions;
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
