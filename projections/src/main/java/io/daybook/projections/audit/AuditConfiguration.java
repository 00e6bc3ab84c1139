package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.messages.RequestsInKafka;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.stores.audit.AuditKind;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The projection {@code audit}, and the ways of requests and of all projections' status to where it is. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean(defaultCandidate = false, destroyMethod = "close")
    Rest5Client projectionsElasticsearchClient(@Value("${daybook.elasticsearch.uri}") URI uri) {
        return Rest5Client.builder(uri).build();
    }

    @Bean
    GenerationStore auditGenerations(
            @Qualifier("projectionsElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String prefix,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsPlatformTransactionManager") PlatformTransactionManager booksTransactions) {
        AuditCluster cluster = new AuditCluster(client);
        return new AuditGenerations(cluster, new KnownIndices(cluster, books, booksTransactions), prefix);
    }

    @Bean
    RequestIndexing auditRequestIndexing(
            @Qualifier("projectionsElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String indexPrefix,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new RequestIndexing(
                new AuditStream(new AuditCluster(client), indexPrefix, AuditKind.REQUESTS),
                bootstrapServers,
                RequestsInKafka.topic(topicPrefix));
    }

    @Bean(defaultCandidate = false, destroyMethod = "shutdownNow")
    @DependsOn("projectionsSchemas")
    ScheduledExecutorService auditStatusExecutor(
            @Qualifier("projectionsElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String prefix,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books) {
        StatusIndexing indexing =
                new StatusIndexing(new AuditStream(new AuditCluster(client), prefix, AuditKind.PROJECTIONS), books);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("audit-status").daemon().factory());
        executor.scheduleWithFixedDelay(
                indexing::index,
                StatusIndexing.INTERVAL.toSeconds(),
                StatusIndexing.INTERVAL.toSeconds(),
                TimeUnit.SECONDS);
        return executor;
    }

    @Bean
    @DependsOn("projectionsSchemas")
    RunningProjection auditProjection(
            ProjectionFactory factory, @Qualifier("auditGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
