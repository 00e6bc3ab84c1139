package io.daybook.projections.posting;

import io.daybook.axon.TopicToken;
import io.daybook.projections.feed.ReadTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * A projection at work. It starts in the background and keeps trying, so that an application comes up, and its other parts
 * work, while Kafka or the projection's store is away.
 */
public final class RunningProjection implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RunningProjection.class);

    private final GenerationTarget target;
    private final ProjectionInvoker invoker;
    private final ProjectionStatus status;
    private final PooledStreamingEventProcessor processor;
    private final Supplier<List<@Nullable TrackingToken>> storedTokens;
    private final ScheduledExecutorService executor;
    private final @Nullable ReadTopic topic;
    private final Duration retry;
    private final boolean runsHere;
    private volatile boolean running;
    private volatile @Nullable String topicId;

    /**
     * @param storedTokens gives how far the segments have come, whichever node has posted them
     * @param topic that is read, or null if it is something else
     * @param retry the pause before what failed is tried again
     * @param runsHere whether this node takes its share of it, or is only asked where others have come
     */
    RunningProjection(
            GenerationTarget target,
            ProjectionInvoker invoker,
            ProjectionStatus status,
            PooledStreamingEventProcessor processor,
            Supplier<List<@Nullable TrackingToken>> storedTokens,
            ScheduledExecutorService executor,
            @Nullable ReadTopic topic,
            Duration retry,
            boolean runsHere) {
        this.target = target;
        this.invoker = invoker;
        this.status = status;
        this.processor = processor;
        this.storedTokens = storedTokens;
        this.executor = executor;
        this.topic = topic;
        this.retry = retry;
        this.runsHere = runsHere;
    }

    /** Whether this node takes its share of it. */
    public boolean runsHere() {
        return runsHere;
    }

    /** Leaves its segments to other nodes for a while, whether they are read here or not. */
    void leave(int segments, Duration howLong) {
        for (int segment = 0; segment < segments; segment++) {
            processor.releaseSegment(segment, howLong.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    public ProjectionStatus status() {
        return status;
    }

    /** Whether it is this process that reads, and not another node. */
    public boolean isReading() {
        return !processor.processingStatus().isEmpty();
    }

    /** How far all of its segments have read in Kafka, here or on another node: the last offset in each partition. */
    public Map<TopicPartition, Long> positions() {
        TopicToken lowest = null;
        for (TrackingToken token : isReading() ? tokens() : storedTokens.get()) {
            if (!(token instanceof TopicToken read)) {
                return Map.of();
            }
            lowest = lowest == null ? read : lowest.lowerBound(read);
        }
        return lowest == null ? Map.of() : lowest.positions();
    }

    /** How far each of its segments that this process reads has come; null for nothing. */
    public List<@Nullable TrackingToken> tokens() {
        List<@Nullable TrackingToken> tokens = new ArrayList<>();
        processor.processingStatus().values().forEach(segment -> tokens.add(segment.getTrackingToken()));
        return tokens;
    }

    @Override
    public boolean isAutoStartup() {
        return runsHere;
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
            if (topic != null) {
                String id = topic.declare();
                topic.isReadBy(target.name(), id);
                topicId = id;
            }
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

    private void pause() {
        try {
            Thread.sleep(retry);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts again if the topic that it reads is not there any more, but another with its name.
     *
     * @param id that which Kafka has given the topic that is there
     */
    public void topicIs(String id) {
        String before = topicId;
        if (running && before != null && !before.equals(id)) {
            topicId = null;
            processor.shutDown();
            start();
        }
    }

    @Override
    public void stop() {
        running = false;
        processor.shutDown();
        executor.shutdownNow();
        invoker.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
