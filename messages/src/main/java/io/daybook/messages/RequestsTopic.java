package io.daybook.messages;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topic of requests.
 *
 * @param name see {@link RequestsInKafka#topic}
 * @param partitions how many it is made with; one that is there keeps its own
 * @param minInsyncReplicas how many replicas must have what is acknowledged
 * @param retention how long requests are kept
 */
public record RequestsTopic(
        String bootstrapServers, String name, int partitions, int minInsyncReplicas, Duration retention) {

    /**
     * Declares it if it is not there yet. Whoever needs it first does.
     *
     * @throws ExecutionException if Kafka cannot be reached or refuses
     */
    public void declare() throws ExecutionException, InterruptedException {
        Topics.declare(
                bootstrapServers,
                new NewTopic(name, Optional.of(partitions), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas))));
    }
}
