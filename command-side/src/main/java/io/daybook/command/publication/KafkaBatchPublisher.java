package io.daybook.command.publication;

import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of a processor's batch as they are stored. Before the batch commits, and so before its token is stored,
 * it waits until Kafka has them all. Waiting for each event in turn, as Axon's own publisher does, costs a round trip each.
 *
 * <p>A batch has one producer. If Kafka does not take an event of it, the producer sends none of those behind it; the batch
 * fails, and comes again with a new producer.
 */
final class KafkaBatchPublisher implements EventHandlerInvoker, AutoCloseable {

    private static final String BATCH = KafkaBatchPublisher.class.getName() + ".batch";

    private final Supplier<OrderedProducer> producers;
    private final String topic;
    private @Nullable OrderedProducer producer;

    KafkaBatchPublisher(Supplier<OrderedProducer> producers, String topic) {
        this.producers = producers;
        this.topic = topic;
    }

    private record Batch(OrderedProducer producer, List<Future<RecordMetadata>> sent) {}

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return true;
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        Batch batch = unit.getResource(BATCH);
        if (batch == null) {
            batch = new Batch(producer(), new ArrayList<>());
            unit.resources().put(BATCH, batch);
            unit.onPrepareCommit(KafkaBatchPublisher::awaitAcknowledgements);
        }
        batch.sent().add(batch.producer().send(EventMessages.message((StoredEvent) event.getPayload(), topic)));
    }

    private synchronized OrderedProducer producer() {
        if (producer == null || producer.isClosed()) {
            producer = producers.get();
        }
        return producer;
    }

    private static void awaitAcknowledgements(UnitOfWork<?> unit) {
        Batch batch = unit.getResource(BATCH);
        try {
            for (Future<RecordMetadata> acknowledgement : batch.sent()) {
                acknowledgement.get();
            }
        } catch (ExecutionException e) {
            throw new PublicationException("Kafka did not take an event; the batch will be sent again", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException("interrupted while Kafka was taking events; they will be sent again", e);
        }
    }

    /** Sends nothing any more. Events that Kafka may not have are those of batches that did not commit. */
    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
        }
    }

    static final class PublicationException extends RuntimeException {
        PublicationException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
