package io.daybook.command.publication;

import io.daybook.axon.EventsInKafka;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the publication: waits for Kafka, declares the topic, then lets the processor read the journal. */
final class Publication implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final StreamingEventProcessor processor;
    private final String bootstrapServers;
    private final String topic;
    private volatile boolean running;

    Publication(StreamingEventProcessor processor, String bootstrapServers, String topic) {
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
        try {
            EventsInKafka.declareTopic(bootstrapServers, topic);
            return true;
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn("topic {} cannot be declared at {} yet, trying again: {}", topic, bootstrapServers, e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
