package io.daybook.command.publication;

import io.daybook.axon.Tokens;
import io.daybook.messages.EventsInKafka;
import io.daybook.stores.JournalQueries;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The publication of the journal to the topic {@code <prefix>.events}. */
@Configuration(proxyBeanMethods = false)
public class PublicationConfiguration {

    /** The name under which its token is kept. */
    public static final String PROCESSOR = JournalQueries.PUBLICATION;

    private static final int BATCH_SIZE = 5_000;

    @Bean(defaultCandidate = false)
    KafkaBatchPublisher commandEventPublisher(
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix,
            ObjectProvider<MeterRegistry> registry) {
        return new KafkaBatchPublisher(producers(bootstrapServers, registry), EventsInKafka.topic(topicPrefix));
    }

    private static Supplier<OrderedProducer> producers(
            String bootstrapServers, ObjectProvider<MeterRegistry> registry) {
        MeterRegistry metrics = registry.getIfAvailable(SimpleMeterRegistry::new);
        return () -> new OrderedProducer(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), metrics);
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
            @Qualifier("commandEventPublisher") KafkaBatchPublisher publisher,
            @Qualifier("commandTokenStore") TokenStore tokens,
            @Qualifier("commandTransactionManager") TransactionManager transactions) {
        return TrackingEventProcessor.builder()
                .name(PROCESSOR)
                .eventHandlerInvoker(publisher)
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

    @Bean(defaultCandidate = false)
    @DependsOn("commandFlyway")
    Republication republication(
            @Qualifier("commandJdbcTemplate") JdbcTemplate journal,
            @Qualifier("commandDataSource") DataSource dataSource,
            @Qualifier("commandTokenStore") TokenStore tokens,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix,
            ObjectProvider<MeterRegistry> registry) {
        return new Republication(
                journal,
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                tokens,
                producers(bootstrapServers, registry),
                new EventTopic(bootstrapServers, EventsInKafka.topic(topicPrefix)));
    }

    @Bean
    Publication publication(
            @Qualifier("publicationProcessor") TrackingEventProcessor processor,
            @Qualifier("republication") Republication republication,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new Publication(processor, republication, bootstrapServers, EventsInKafka.topic(topicPrefix));
    }
}
