package io.daybook.projections.feed;

import io.daybook.axon.EventsInKafka;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * A projection at work. It starts in the background and keeps trying, so that an application comes up, and its other parts
 * work, while Kafka or the projection's store is away.
 */
public final class RunningProjection implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RunningProjection.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final GenerationTarget target;
    private final ProjectionStatus status;
    private final PooledStreamingEventProcessor processor;
    private final ScheduledExecutorService executor;
    private final String bootstrapServers;
    private final String topic;
    private volatile boolean running;

    RunningProjection(
            GenerationTarget target,
            ProjectionStatus status,
            PooledStreamingEventProcessor processor,
            ScheduledExecutorService executor,
            String bootstrapServers,
            String topic) {
        this.target = target;
        this.status = status;
        this.processor = processor;
        this.executor = executor;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    public ProjectionStatus status() {
        return status;
    }

    /** How far it has read: the last offset in each partition. */
    public Map<TopicPartition, Long> positions() {
        EventTrackerStatus segment = processor.processingStatus().get(0);
        return segment != null && segment.getTrackingToken() instanceof KafkaTrackingToken token
                ? token.getPositions()
                : Map.of();
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name(target.name() + "-start").start(() -> {
            while (running && !starts()) {
                pause();
            }
        });
    }

    private boolean starts() {
        try {
            EventsInKafka.declareTopic(bootstrapServers, topic);
            target.prepare();
            processor.start();
            status.started();
            return true;
        } catch (Exception e) {
            status.stopped(e);
            LOG.warn("projection {} cannot start yet, trying again: {}", target.name(), e.toString());
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
        executor.shutdownNow();
        target.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
