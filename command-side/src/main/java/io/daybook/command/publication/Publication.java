package io.daybook.command.publication;

import io.daybook.events.EventsTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the publication: waits for Kafka, declares the topic, then lets the processor read the journal. */
final class Publication implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ADMIN_TIMEOUT_MS = 10_000;

    private final PooledStreamingEventProcessor processor;
    private final String bootstrapServers;
    private final String topic;
    private volatile boolean running;

    Publication(PooledStreamingEventProcessor processor, String bootstrapServers, String topic) {
        this.processor = processor;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    @Override
    public void start() {
        running = true;
        // Commands are taken while Kafka is away: what they record is published when it is back.
        Thread.ofVirtual().name("publication-start").start(() -> {
            while (running && !(topicIsThere() && processorStarts())) {
                pause();
            }
        });
    }

    private boolean processorStarts() {
        try {
            processor.start();
            return true;
        } catch (RuntimeException e) {
            LOG.warn("the publication cannot start yet, trying again: {}", e.toString());
            return false;
        }
    }

    private boolean topicIsThere() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS / 2))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(EventsTopic.PARTITIONS), Optional.empty())
                            .configs(EventsTopic.CONFIGURATION)))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return true;
            }
            LOG.warn(
                    "topic {} cannot be declared yet, trying again: {}",
                    topic,
                    e.getCause().toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.warn("Kafka at {} cannot be reached yet, trying again: {}", bootstrapServers, e.toString());
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        processor.shutDown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
