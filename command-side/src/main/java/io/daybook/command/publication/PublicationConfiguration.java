package io.daybook.command.publication;

import io.daybook.axon.Tokens;
import io.daybook.command.settings.CommandSideProperties;
import io.daybook.stores.JournalQueries;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The publication of the journal to the topic {@code <prefix>.events}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandSideProperties.class)
public class PublicationConfiguration {

    /** The name under which its token is kept. */
    public static final String PROCESSOR = JournalQueries.PUBLICATION;

    @Bean
    KafkaBatchPublisher eventPublisher(CommandSideProperties properties, ObjectProvider<MeterRegistry> registry) {
        return new KafkaBatchPublisher(
                producers(properties, registry),
                properties.kafka().eventsTopic().name());
    }

    private static Supplier<OrderedProducer> producers(
            CommandSideProperties properties, ObjectProvider<MeterRegistry> registry) {
        MeterRegistry metrics = registry.getIfAvailable(SimpleMeterRegistry::new);
        return () -> new OrderedProducer(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        properties.kafka().bootstrapServers(),
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        properties.publication().producerBatchBytes(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        (int) properties.publication().linger().toMillis()),
                metrics);
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections) {
        return Tokens.store(connections);
    }

    /**
     * A tracking processor: it waits in the event store's stream and sees an event as soon as it is committed. A pooled one
     * would look every 500 ms, as that stream has no callback; there is one segment, so there is nothing to pool.
     */
    @Bean
    TrackingEventProcessor publicationProcessor(
            CommandSideProperties properties,
            EventStore eventStore,
            KafkaBatchPublisher publisher,
            TokenStore tokens,
            TransactionManager transactions) {
        return TrackingEventProcessor.builder()
                .name(PROCESSOR)
                .eventHandlerInvoker(publisher)
                .messageSource(eventStore)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andBatchSize(properties.publication().batchSize())
                        .andTokenClaimInterval(Tokens.CLAIM_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                        .andInitialTrackingToken(source -> source.createTailToken()))
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(PropagatingErrorHandler.instance())
                .build();
    }

    @Bean
    Republication republication(
            CommandSideProperties properties,
            JdbcTemplate journal,
            DataSource eventStore,
            TokenStore tokens,
            ObjectProvider<MeterRegistry> registry) {
        return new Republication(
                journal,
                new TransactionTemplate(new JdbcTransactionManager(eventStore)),
                tokens,
                producers(properties, registry),
                new EventTopic(properties.kafka().eventsTopic()),
                properties.publication().republicationBatchSize());
    }

    @Bean
    Publication publication(
            CommandSideProperties properties, TrackingEventProcessor processor, Republication republication) {
        return new Publication(
                processor,
                republication,
                properties.kafka().eventsTopic(),
                properties.publication().retry());
    }

    @Bean
    RepublicationRequests republicationRequests(JdbcTemplate journal) {
        return new RepublicationRequests(journal);
    }
}
