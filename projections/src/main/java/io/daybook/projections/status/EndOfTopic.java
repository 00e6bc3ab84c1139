package io.daybook.projections.status;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the topic of events begins and ends, in each partition, as it was when one thread last asked. */
public final class EndOfTopic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfTopic.class);
    private static final int TIMEOUT_MS = 2_000;

    /**
     * What is in the topic.
     *
     * @param firsts the first offset in each partition; those before were deleted
     * @param ends the offset after the last one
     */
    public record Extent(Map<TopicPartition, Long> firsts, Map<TopicPartition, Long> ends) {

        /** How many events lie behind these positions, each the last offset that was read. */
        public long behind(Map<TopicPartition, Long> positions) {
            return ends.entrySet().stream()
                    .mapToLong(end -> {
                        long next = positions.getOrDefault(end.getKey(), -1L) + 1;
                        return Math.max(0, end.getValue() - Math.max(next, firsts.getOrDefault(end.getKey(), 0L)));
                    })
                    .sum();
        }
    }

    private final Admin admin;
    private final String topic;
    private volatile @Nullable Extent extent;
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
            List<TopicPartition> partitions = description.partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            id = description.topicId().toString();
            extent = new Extent(offsets(partitions, OffsetSpec.earliest()), offsets(partitions, OffsetSpec.latest()));
        } catch (ExecutionException e) {
            LOG.debug("the end of {} is not known now", topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec)))
                .all()
                .get()
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** Null if that is not known yet. */
    public @Nullable Extent extent() {
        return extent;
    }

    /** The id that Kafka has given the topic; null if that is not known yet. */
    public @Nullable String id() {
        return id;
    }

    /** How many events lie behind these positions, each the last offset that was read. Those that were deleted do not count. */
    public long behind(Map<TopicPartition, Long> positions) {
        Extent known = extent;
        return known == null ? 0 : known.behind(positions);
    }

    @Override
    public void close() {
        admin.close();
    }
}
