package io.daybook.projections.status;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the topic of events ends, in each partition, as it was when one thread last asked. */
public final class EndOfTopic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfTopic.class);
    private static final int TIMEOUT_MS = 2_000;

    private final Admin admin;
    private final String topic;
    private volatile Map<TopicPartition, ListOffsetsResultInfo> ends = Map.of();
    private volatile @Nullable String id;

    EndOfTopic(String bootstrapServers, String topic) {
        this.topic = topic;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS));
    }

    /** Asks Kafka; if it does not answer, what it said last stands. */
    void refresh() {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            Map<TopicPartition, OffsetSpec> partitions = description.partitions().stream()
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(topic, partition.partition()),
                            partition -> OffsetSpec.latest()));
            id = description.topicId().toString();
            ends = admin.listOffsets(partitions).all().get();
        } catch (ExecutionException e) {
            LOG.debug("the end of {} is not known now", topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The id that Kafka has given the topic; null if that is not known yet. */
    public @Nullable String id() {
        return id;
    }

    /** How many events lie behind these positions, each the last offset that was read. */
    public long behind(Map<TopicPartition, Long> positions) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue().offset() - 1 - positions.getOrDefault(end.getKey(), -1L)))
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }
}
