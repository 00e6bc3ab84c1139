package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.stores.audit.AuditKind;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The projection {@code audit}, and the ways of requests and of all projections' status to where it is. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean(destroyMethod = "close")
    Rest5Client elasticsearch(ProjectionsProperties properties) {
        return Rest5Client.builder(properties.elasticsearch().address()).build();
    }

    @Bean
    GenerationStore auditGenerations(
            Rest5Client client,
            ProjectionsProperties properties,
            JdbcTemplate books,
            PlatformTransactionManager booksTransactions) {
        AuditCluster cluster = new AuditCluster(client);
        return new AuditGenerations(
                cluster,
                new KnownIndices(cluster, books, booksTransactions),
                properties.elasticsearch().indexPrefix());
    }

    @Bean
    RequestIndexing requestIndexing(Rest5Client client, ProjectionsProperties properties) {
        return new RequestIndexing(
                new AuditStream(
                        new AuditCluster(client), properties.elasticsearch().indexPrefix(), AuditKind.REQUESTS),
                properties.kafka().requestsTopic(),
                properties.requestIndexing());
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService auditStatusExecutor(
            Rest5Client client, ProjectionsProperties properties, JdbcTemplate books) {
        Duration interval = properties.status().indexInterval();
        StatusIndexing indexing = new StatusIndexing(
                new AuditStream(
                        new AuditCluster(client), properties.elasticsearch().indexPrefix(), AuditKind.PROJECTIONS),
                books,
                interval);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("audit-status").daemon().factory());
        executor.scheduleWithFixedDelay(
                indexing::index, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return executor;
    }

    @Bean
    RunningProjection auditProjection(
            ProjectionFactory factory, @Qualifier("auditGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
