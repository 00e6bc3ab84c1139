package io.daybook.settings;

import io.daybook.messages.OtherPartitionsException;
import io.daybook.messages.Topics;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Looks, at the start, whether the topics that are in order by their keys have the partitions that are set. While Kafka is away
 * the start goes on without: whoever declares them later looks again, and does not go on either.
 */
public final class OrderedTopics implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(OrderedTopics.class);

    private final KafkaProperties kafka;
    private final Map<String, Integer> partitions;

    /**
     * @param partitions by the names of the topics
     */
    public OrderedTopics(KafkaProperties kafka, Map<String, Integer> partitions) {
        this.kafka = kafka;
        this.partitions = partitions;
    }

    /**
     * @throws OtherPartitionsException if a topic is there with another number
     */
    @Override
    public void afterPropertiesSet() throws InterruptedException {
        try (Admin admin = Topics.admin(kafka.bootstrapServers(), kafka.startTimeout())) {
            Topics.requirePartitions(admin, partitions);
        } catch (ExecutionException | KafkaException e) {
            LOG.warn(
                    "Kafka at {} does not tell of its topics now, going on without: {}",
                    kafka.bootstrapServers(),
                    e.toString());
        }
    }
}
