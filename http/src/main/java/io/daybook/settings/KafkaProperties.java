package io.daybook.settings;

import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.messages.RequestsInKafka;
import io.daybook.messages.RequestsTopic;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kafka is, and what topics are made with: {@code daybook.kafka.*}. Sides that share a Kafka are given the same.
 *
 * @param bootstrapServers some of its brokers, as {@code host:port} with commas between them
 * @param topicPrefix what the names of the topics begin with, before a dot
 * @param eventsPartitions how many partitions {@code <prefix>.events} is made with, 1 to 1,000. A ledger's events are in order
 *     because they are in one; so another number is refused where the topic is there
 * @param commandsPartitions of {@code <prefix>.commands}, in the same way
 * @param requestsPartitions of {@code <prefix>.requests}, 1 to 1,000; a topic that is there keeps its own
 * @param minInsyncReplicas how many replicas must have what is acknowledged, 1 to 9; topics that are there keep what they have
 * @param commandsRetention how long commands are kept, 1 hour to 10 years; they are taken long before
 * @param requestsRetention how long requests are kept, 1 hour to 10 years
 * @param startTimeout how long the start waits for Kafka to see that its topics are as they are set, 100 ms to 1 min
 */
@ConfigurationProperties("daybook.kafka")
public record KafkaProperties(
        @DefaultValue("") String bootstrapServers,
        @DefaultValue("daybook") String topicPrefix,
        @DefaultValue("12") int eventsPartitions,
        @DefaultValue("12") int commandsPartitions,
        @DefaultValue("6") int requestsPartitions,
        @DefaultValue("1") int minInsyncReplicas,
        @DefaultValue("7d") Duration commandsRetention,
        @DefaultValue("7d") Duration requestsRetention,
        @DefaultValue("3s") Duration startTimeout) {

    private static final Duration LEAST_RETENTION = Duration.ofHours(1);
    private static final Duration MOST_RETENTION = Duration.ofDays(3_650);

    public KafkaProperties {
        Limits.given("daybook.kafka.bootstrap-servers", bootstrapServers, "kafka-0:9092,kafka-1:9092");
        Limits.given("daybook.kafka.topic-prefix", topicPrefix, "daybook");
        Limits.within("daybook.kafka.events-partitions", eventsPartitions, 1, 1_000);
        Limits.within("daybook.kafka.commands-partitions", commandsPartitions, 1, 1_000);
        Limits.within("daybook.kafka.requests-partitions", requestsPartitions, 1, 1_000);
        Limits.within("daybook.kafka.min-insync-replicas", minInsyncReplicas, 1, 9);
        Limits.within("daybook.kafka.commands-retention", commandsRetention, LEAST_RETENTION, MOST_RETENTION);
        Limits.within("daybook.kafka.requests-retention", requestsRetention, LEAST_RETENTION, MOST_RETENTION);
        Limits.within("daybook.kafka.start-timeout", startTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
    }

    /** That of events. */
    public EventsTopic eventsTopic() {
        return new EventsTopic(bootstrapServers, EventsInKafka.topic(topicPrefix), eventsPartitions, minInsyncReplicas);
    }

    /** That of requests. */
    public RequestsTopic requestsTopic() {
        return new RequestsTopic(
                bootstrapServers,
                RequestsInKafka.topic(topicPrefix),
                requestsPartitions,
                minInsyncReplicas,
                requestsRetention);
    }
}
