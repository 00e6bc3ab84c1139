package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.axon.RequestsInKafka;
import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.ProjectionFactory;
import io.daybook.projections.feed.RunningProjection;
import java.net.URI;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The projection {@code audit}, and the way of requests to what it has. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean(defaultCandidate = false, destroyMethod = "close")
    Rest5Client projectionsElasticsearchClient(@Value("${daybook.elasticsearch.uri}") URI uri) {
        return Rest5Client.builder(uri).build();
    }

    @Bean
    GenerationStore auditGenerations(
            @Qualifier("projectionsElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String prefix) {
        return new AuditGenerations(new AuditCluster(client), prefix);
    }

    @Bean
    RequestIndexing auditRequestIndexing(
            @Qualifier("projectionsElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String indexPrefix,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new RequestIndexing(
                new RequestStream(new AuditCluster(client), indexPrefix),
                bootstrapServers,
                RequestsInKafka.topic(topicPrefix));
    }

    @Bean
    @DependsOn("projectionsSchemas")
    RunningProjection auditProjection(
            ProjectionFactory factory, @Qualifier("auditGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
