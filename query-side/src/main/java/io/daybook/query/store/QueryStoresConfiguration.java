package io.daybook.query.store;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The stores that are read. None must be there for this side to start. */
@Configuration(proxyBeanMethods = false)
public class QueryStoresConfiguration {

    private static final int ELASTICSEARCH_CONNECT_TIMEOUT_MS = 1_000;
    private static final int ELASTICSEARCH_ANSWER_TIMEOUT_MS = 5_000;

    /** Requests that wait for an answer; more are refused, not queued. */
    private static final int REDIS_QUEUE_SIZE = 10_000;

    @Bean(destroyMethod = "close")
    Books queryBooks(
            Environment environment,
            @Value("${daybook.books.jdbc-url}") String url,
            @Value("${daybook.books.username}") String username,
            @Value("${daybook.books.password}") String password) {
        List<String> replicas = Binder.get(environment)
                .bind("daybook.books.replica-jdbc-urls", Bindable.listOf(String.class))
                .orElse(List.of());
        return new Books(
                new BooksSource("query-primary", url, username, password),
                IntStream.range(0, replicas.size())
                        .mapToObj(i -> new BooksSource("query-replica-" + i, replicas.get(i), username, password))
                        .toList());
    }

    @Bean
    MeterBinder queryPoolMetrics(Books books) {
        return books::measure;
    }

    @Bean(defaultCandidate = false, destroyMethod = "shutdown")
    RedisClient queryRedisClient() {
        RedisClient client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                // What cannot be asked now is answered by the books, not later.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REDIS_QUEUE_SIZE)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(Redis.TIMEOUT).build())
                .build());
        return client;
    }

    @Bean(defaultCandidate = false)
    RedisURI queryRedisUri(@Value("${daybook.redis.uri}") String address) {
        RedisURI uri = RedisURI.create(address);
        uri.setTimeout(Redis.TIMEOUT);
        return uri;
    }

    @Bean(destroyMethod = "close")
    Redis queryRedis(@Qualifier("queryRedisClient") RedisClient client, @Qualifier("queryRedisUri") RedisURI uri) {
        return new Redis(client, uri);
    }

    @Bean
    Balances queryBalances(Redis redis, Books books) {
        return new Balances(redis, books.parked());
    }

    @Bean
    CommandOutcomes queryCommandOutcomes(Redis redis) {
        return new CommandOutcomes(redis);
    }

    @Bean(destroyMethod = "close")
    Notices queryNotices(@Qualifier("queryRedisClient") RedisClient client, @Qualifier("queryRedisUri") RedisURI uri) {
        return new Notices(client, uri);
    }

    @Bean(defaultCandidate = false, destroyMethod = "close")
    Rest5Client queryElasticsearchClient(@Value("${daybook.elasticsearch.uri}") URI uri) {
        return Rest5Client.builder(uri)
                .setConnectionConfigCallback(connection ->
                        connection.setConnectTimeout(ELASTICSEARCH_CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS))
                .setRequestConfigCallback(
                        requests -> requests.setResponseTimeout(ELASTICSEARCH_ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS))
                .build();
    }

    @Bean
    AuditIndex queryAuditIndex(
            @Qualifier("queryElasticsearchClient") Rest5Client client,
            @Value("${daybook.elasticsearch.index-prefix:daybook}") String prefix) {
        return new AuditIndex(client, prefix);
    }
}
