package io.daybook.messages;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topic of events, which is kept forever.
 *
 * @param name see {@link EventsInKafka#topic}
 * @param partitions how many it is made with; more ledgers than partitions share them, and the events of one are always in one
 * @param minInsyncReplicas how many replicas must have what is acknowledged
 */
public record EventsTopic(String bootstrapServers, String name, int partitions, int minInsyncReplicas) {

    /**
     * Declares it if it is not there yet. Whoever needs it first does.
     *
     * @throws OtherPartitionsException if it is there with another number of partitions
     * @throws ExecutionException if Kafka cannot be reached or refuses
     */
    public void declare() throws ExecutionException, InterruptedException {
        Topics.declareOrdered(
                bootstrapServers,
                new NewTopic(name, Optional.of(partitions), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1",
                                TopicConfig.RETENTION_BYTES_CONFIG,
                                "-1",
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(EventsInKafka.MAX_MESSAGE_BYTES),
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                                Integer.toString(minInsyncReplicas))));
    }
}
