package io.daybook.command.intake;

import io.daybook.http.HttpConfiguration;
import io.daybook.messages.Topics;
import io.daybook.settings.KafkaProperties;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topic of asynchronous commands, keyed by ledger, so that a ledger's commands stay in order. */
record CommandTopic(KafkaProperties kafka) {

    /** The largest request, and as much again for the JSON around what was read of it. */
    static final int MAX_MESSAGE_BYTES = 2 * HttpConfiguration.MAX_BODY_BYTES;

    String name() {
        return kafka.topicPrefix() + ".commands";
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /**
     * Declares the topic if it is not there yet.
     *
     * @throws io.daybook.messages.OtherPartitionsException if it is there with another number of partitions
     * @throws ExecutionException if Kafka cannot be reached or refuses
     */
    void declare() throws ExecutionException, InterruptedException {
        Topics.declareOrdered(
                bootstrapServers(),
                new NewTopic(name(), Optional.of(kafka.commandsPartitions()), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(kafka.commandsRetention().toMillis()),
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(MAX_MESSAGE_BYTES),
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                                Integer.toString(kafka.minInsyncReplicas()))));
    }
}
