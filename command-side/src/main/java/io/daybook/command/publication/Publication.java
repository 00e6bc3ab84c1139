package io.daybook.command.publication;

import io.daybook.messages.EventsTopic;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the publication: waits for Kafka, declares the topic, then lets the processor read the journal. It stops for a while
 * when the topic is to be filled again.
 */
final class Publication implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final StreamingEventProcessor processor;
    private final Republication republication;
    private final EventsTopic topic;
    private final Duration retry;
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * @param retry the pause before it is tried again to go on
     */
    Publication(StreamingEventProcessor processor, Republication republication, EventsTopic topic, Duration retry) {
        this.processor = processor;
        this.republication = republication;
        this.topic = topic;
        this.retry = retry;
    }

    @Override
    public void start() {
        running = true;
        // Commands are taken while Kafka is away: what they record is published when it is back.
        thread = Thread.ofVirtual().name("publication-control").start(this::run);
    }

    private void run() {
        while (running) {
            if (!processor.isRunning()) {
                boolean started = topicIsThere() && republish() && processorStarts();
                LOG.debug("the publication is {}", started ? "running" : "waiting");
            } else if (republicationIsInTheWay()) {
                processor.shutDown();
                continue;
            }
            pause();
        }
    }

    private boolean republicationIsInTheWay() {
        try {
            return republication.isInTheWay();
        } catch (RuntimeException e) {
            LOG.debug("the event store cannot be asked now", e);
            return false;
        }
    }

    /** Whether the publication may go on. */
    private boolean republish() {
        try {
            if (republication.isInTheWay()) {
                republication.run();
            }
            return !republication.isInTheWay();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            LOG.warn("the topic {} cannot be filled again now, trying again: {}", topic.name(), e.toString());
            return false;
        }
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
        try {
            topic.declare();
            return true;
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn(
                    "topic {} cannot be declared at {} yet, trying again: {}",
                    topic.name(),
                    topic.bootstrapServers(),
                    e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    @Override
    public void stop() {
        running = false;
        Thread control = thread;
        if (control != null) {
            control.interrupt();
            try {
                control.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        processor.shutDown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
