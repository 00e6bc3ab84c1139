package io.daybook.messages;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Daybook's topics in Kafka, as they are declared and looked after. */
public final class Topics {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private Topics() {}

    /**
     * Makes the topic if it is not there yet; one that is there stays as it is. Whoever needs it first does.
     *
     * @throws ExecutionException if Kafka cannot be reached within 10 seconds or refuses
     */
    public static void declare(String bootstrapServers, NewTopic topic)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin(bootstrapServers)) {
            make(admin, topic);
        }
    }

    /**
     * The same for a topic whose messages are in order by their keys: which partition has a key hangs on how many there are.
     *
     * @throws OtherPartitionsException if the topic is there with another number of partitions
     * @throws ExecutionException if Kafka cannot be reached within 10 seconds or refuses
     */
    public static void declareOrdered(String bootstrapServers, NewTopic topic)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin(bootstrapServers)) {
            if (!make(admin, topic)) {
                requirePartitions(admin, Map.of(topic.name(), topic.numPartitions()));
            }
        }
    }

    /** Whether it was not there before. */
    private static boolean make(Admin admin, NewTopic topic) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Sees that topics, as far as they are there, have the partitions that they would be made with.
     *
     * @param partitions by the names of the topics
     * @throws OtherPartitionsException if one has not
     * @throws ExecutionException if Kafka cannot be reached while the client waits
     */
    public static void requirePartitions(Admin admin, Map<String, Integer> partitions)
            throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> descriptions =
                admin.describeTopics(partitions.keySet()).topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : descriptions.entrySet()) {
            try {
                int found = topic.getValue().get().partitions().size();
                int expected = partitions.get(topic.getKey());
                if (found != expected) {
                    throw new OtherPartitionsException(topic.getKey(), found, expected);
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
    }

    /**
     * The id that Kafka has given a topic. One that is deleted and made anew has another. It is waited for, as brokers learn
     * of a topic some time after whoever made it was answered.
     *
     * @throws ExecutionException if there is no such topic, or Kafka cannot be reached, within 10 seconds
     */
    public static String id(String bootstrapServers, String topic) throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        try (Admin admin = admin(bootstrapServers)) {
            while (true) {
                try {
                    return admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .topicId()
                            .toString();
                } catch (ExecutionException e) {
                    boolean isLate = System.nanoTime() - start > TIMEOUT.toNanos();
                    if (isLate || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                        throw e;
                    }
                    Thread.sleep(LOOK_AGAIN);
                }
            }
        }
    }

    /** A client that gives up after 10 seconds. */
    public static Admin admin(String bootstrapServers) {
        return admin(bootstrapServers, TIMEOUT);
    }

    /** A client that gives up after a time. */
    public static Admin admin(String bootstrapServers, Duration timeout) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis() / 2));
    }
}
