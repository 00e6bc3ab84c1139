package io.daybook.command.intake;

import io.daybook.http.HttpConfiguration;
import io.daybook.messages.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topic of asynchronous commands, keyed by ledger, so that a ledger's commands stay in order. */
final class CommandTopic {

    /** The largest request, and as much again for the JSON around what was read of it. */
    static final int MAX_MESSAGE_BYTES = 2 * HttpConfiguration.MAX_BODY_BYTES;

    private static final int PARTITIONS = 12;
    private static final Duration RETENTION = Duration.ofDays(7);

    private CommandTopic() {}

    static String name(String prefix) {
        return prefix + ".commands";
    }

    /**
     * Declares the topic if it is not there yet.
     *
     * @throws ExecutionException if Kafka cannot be reached or refuses
     */
    static void declare(String bootstrapServers, String topic) throws ExecutionException, InterruptedException {
        Topics.declare(
                bootstrapServers,
                new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()),
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES),
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")));
    }
}
