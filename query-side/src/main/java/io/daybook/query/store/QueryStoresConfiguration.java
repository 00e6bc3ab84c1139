package io.daybook.query.store;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.query.settings.QuerySideProperties;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stores that are read. None must be there for this side to start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuerySideProperties.class)
public class QueryStoresConfiguration {

    @Bean(destroyMethod = "close")
    BooksReplicas books(QuerySideProperties properties) {
        QuerySideProperties.Books books = properties.books();
        List<String> replicas = books.replicaJdbcUrls();
        return new BooksReplicas(
                new BooksSource("query-primary", books.jdbcUrl(), properties),
                IntStream.range(0, replicas.size())
                        .mapToObj(i -> new BooksSource("query-replica-" + i, replicas.get(i), properties))
                        .toList());
    }

    @Bean
    MeterBinder poolMetrics(BooksReplicas books) {
        return books::measure;
    }

    @Bean(destroyMethod = "shutdown")
    RedisClient redisClient(QuerySideProperties properties) {
        RedisClient client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                // What cannot be asked now is answered by the books, not later.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(properties.queries().redisQueue())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(properties.queries().redisTimeout())
                        .build())
                .build());
        return client;
    }

    @Bean
    RedisURI redisUri(QuerySideProperties properties) {
        RedisURI uri = RedisURI.create(properties.redis().uri());
        uri.setTimeout(properties.queries().redisTimeout());
        return uri;
    }

    @Bean(destroyMethod = "close")
    Redis redis(RedisClient client, RedisURI uri, QuerySideProperties properties) {
        return new Redis(client, uri, properties.queries().rest());
    }

    @Bean
    RedisBalances balances(Redis redis, BooksReplicas books) {
        return new RedisBalances(redis, books.parked());
    }

    @Bean
    CommandOutcomes commandOutcomes(Redis redis) {
        return new CommandOutcomes(redis);
    }

    @Bean(destroyMethod = "close")
    Notices notices(RedisClient client, RedisURI uri) {
        return new Notices(client, uri);
    }

    @Bean(destroyMethod = "close")
    Rest5Client elasticsearch(QuerySideProperties properties) {
        QuerySideProperties.Queries queries = properties.queries();
        return Rest5Client.builder(properties.elasticsearch().address())
                .setConnectionConfigCallback(connection -> connection.setConnectTimeout(
                        queries.elasticsearchConnectTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .setRequestConfigCallback(requests -> requests.setResponseTimeout(
                        queries.elasticsearchTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .build();
    }

    @Bean
    AuditIndex auditIndex(Rest5Client client, QuerySideProperties properties) {
        return new AuditIndex(client, properties.elasticsearch().indexPrefix());
    }
}
