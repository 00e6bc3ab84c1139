package io.daybook.messages;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How requests travel: each {@link RequestRecord} is a message in JSON, with its id as the key, and the trace context of W3C in
 * the headers {@code traceparent} and {@code tracestate}. They are in no order.
 */
public final class RequestsInKafka {

    private static final int PARTITIONS = 6;
    private static final Duration RETENTION = Duration.ofDays(7);

    private RequestsInKafka() {}

    /**
     * The name of the topic.
     *
     * @param prefix that of the installation's topics, {@code daybook} by default
     */
    public static String topic(String prefix) {
        return prefix + ".requests";
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
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(RETENTION.toMillis()),
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                                "1")));
    }
}
