package io.daybook.command.publication;

import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.producer.ProducerFactory;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Sends the events of a processor's batch, and before the batch commits, and so before its token is stored, waits until
 * Kafka has them all. Waiting for each event in turn, as Axon's own publisher does, costs a round trip each.
 */
final class KafkaBatchPublisher implements EventHandlerInvoker {

    private static final String SENT = KafkaBatchPublisher.class.getName() + ".sent";

    private final ProducerFactory<String, CloudEvent> producers;
    private final KafkaMessageConverter<String, CloudEvent> converter;
    private final String topic;

    KafkaBatchPublisher(
            ProducerFactory<String, CloudEvent> producers,
            KafkaMessageConverter<String, CloudEvent> converter,
            String topic) {
        this.producers = producers;
        this.converter = converter;
        this.topic = topic;
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return true;
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) {
        List<Future<RecordMetadata>> sent = CurrentUnitOfWork.get().root().getResource(SENT);
        if (sent == null) {
            sent = new ArrayList<>();
            CurrentUnitOfWork.get().root().resources().put(SENT, sent);
            CurrentUnitOfWork.get().root().onPrepareCommit(KafkaBatchPublisher::awaitAcknowledgements);
        }
        Producer<String, CloudEvent> producer = producers.createProducer();
        sent.add(producer.send(converter.createKafkaMessage(event, topic)));
    }

    private static void awaitAcknowledgements(UnitOfWork<?> unit) {
        List<Future<RecordMetadata>> sent = unit.getResource(SENT);
        try {
            for (Future<RecordMetadata> acknowledgement : sent) {
                acknowledgement.get();
            }
        } catch (ExecutionException e) {
            throw new PublicationException("Kafka did not take an event; the batch will be sent again", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException("interrupted while Kafka was taking events; they will be sent again", e);
        }
    }

    static final class PublicationException extends RuntimeException {
        PublicationException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
