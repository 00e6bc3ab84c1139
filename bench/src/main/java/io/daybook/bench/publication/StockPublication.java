package io.daybook.bench.publication;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import io.daybook.axon.EventConverters;
import io.daybook.axon.LedgerEventSerializer;
import io.daybook.axon.Tokens;
import io.daybook.bench.setup.Applications;
import io.daybook.command.store.EventStoreConfiguration;
import io.daybook.command.store.JournalStorageEngine;
import io.daybook.command.store.SnapshotStore;
import io.daybook.messages.EventsInKafka;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaEventPublisher;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;
import org.axonframework.extensions.kafka.eventhandling.producer.ProducerFactory;
import org.axonframework.serialization.Serializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The Kafka extension's publisher, which waits for each event until Kafka has it, on Axon's own event store with the same
 * journal. Its producer does not linger, and its processor has as large batches as Daybook's, so that its token is as rarely
 * stored; both are in its favour.
 */
final class StockPublication implements AutoCloseable {

    private static final int BATCH_SIZE = 2_000;

    private final ConfigurableApplicationContext application;
    private final ProducerFactory<String, CloudEvent> producers;
    private final KafkaPublisher<String, CloudEvent> publisher;
    private final EmbeddedEventStore eventStore;
    private final TrackingEventProcessor processor;

    StockPublication(Map<String, String> services) {
        application = Applications.start(services, EventStoreConfiguration.class);
        eventStore = EmbeddedEventStore.builder()
                .storageEngine(JournalStorageEngine.create(
                        application.getBean(ConnectionProvider.class),
                        application.getBean(TransactionManager.class),
                        failure -> false,
                        application.getBean(Serializer.class),
                        application.getBean(SnapshotStore.class)))
                .build();
        producers = DefaultProducerFactory.<String, CloudEvent>builder()
                .configuration(Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        services.get("daybook.kafka.bootstrap-servers"),
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        StringSerializer.class,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        CloudEventSerializer.class,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0))
                .confirmationMode(ConfirmationMode.WAIT_FOR_ACK)
                .build();
        publisher = KafkaPublisher.<String, CloudEvent>builder()
                .producerFactory(producers)
                .serializer(new LedgerEventSerializer())
                .messageConverter(EventConverters.cloudEvents())
                .topic(EventsInKafka.topic(services.get("daybook.kafka.topic-prefix")))
                .build();
        processor = TrackingEventProcessor.builder()
                .name(KafkaEventPublisher.DEFAULT_PROCESSING_GROUP)
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(KafkaEventPublisher.<String, CloudEvent>builder()
                                .kafkaPublisher(publisher)
                                .build())
                        .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                        .build())
                .messageSource(eventStore)
                .tokenStore(Tokens.store(application.getBean(ConnectionProvider.class)))
                .transactionManager(application.getBean(TransactionManager.class))
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andBatchSize(BATCH_SIZE)
                        .andInitialTrackingToken(source -> source.createTailToken()))
                .errorHandler(PropagatingErrorHandler.instance())
                .build();
        processor.start();
    }

    @Override
    public void close() {
        processor.shutDown();
        eventStore.shutDown();
        publisher.shutDown();
        producers.shutDown();
        application.close();
    }
}
