package io.daybook.command.publication;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import io.daybook.axon.EventsInKafka;
import io.daybook.axon.Tokens;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.ProducerFactory;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The publication of the journal to the topic {@code <prefix>.events}. */
@Configuration(proxyBeanMethods = false)
public class PublicationConfiguration {

    private static final String PROCESSOR = "publication";
    private static final int BATCH_SIZE = 2_000;

    @Bean(defaultCandidate = false, destroyMethod = "shutDown")
    ProducerFactory<String, CloudEvent> commandProducerFactory(
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers) {
        return DefaultProducerFactory.<String, CloudEvent>builder()
                .confirmationMode(ConfirmationMode.NONE) // acknowledgements are awaited by the batch
                .configuration(Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        StringSerializer.class,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        CloudEventSerializer.class,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024))
                .build();
    }

    @Bean(defaultCandidate = false)
    TokenStore commandTokenStore(@Qualifier("commandConnectionProvider") ConnectionProvider connections) {
        return Tokens.store(connections);
    }

    /**
     * A tracking processor: it waits in the event store's stream and sees an event as soon as it is committed. A pooled one
     * would look every 500 ms, as that stream has no callback; there is one segment, so there is nothing to pool.
     */
    @Bean(defaultCandidate = false)
    TrackingEventProcessor publicationProcessor(
            @Qualifier("commandEventStore") EventStore eventStore,
            @Qualifier("commandProducerFactory") ProducerFactory<String, CloudEvent> producers,
            @Qualifier("commandTokenStore") TokenStore tokens,
            @Qualifier("commandTransactionManager") TransactionManager transactions,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return TrackingEventProcessor.builder()
                .name(PROCESSOR)
                .eventHandlerInvoker(
                        new KafkaBatchPublisher(producers, EventsInKafka.converter(), EventsInKafka.topic(topicPrefix)))
                .messageSource(eventStore)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andBatchSize(BATCH_SIZE)
                        .andInitialTrackingToken(source -> source.createTailToken()))
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(PropagatingErrorHandler.instance())
                .build();
    }

    @Bean
    Publication publication(
            @Qualifier("publicationProcessor") TrackingEventProcessor processor,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new Publication(processor, bootstrapServers, EventsInKafka.topic(topicPrefix));
    }
}
