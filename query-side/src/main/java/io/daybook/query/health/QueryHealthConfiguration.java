package io.daybook.query.health;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.http.health.StoreHealth;
import io.daybook.query.store.BooksReplicas;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whether the stores of the query side answer. */
@Configuration(proxyBeanMethods = false)
public class QueryHealthConfiguration {

    @Bean
    CompositeHealthContributor stores(
            BooksReplicas books, RedisClient redis, RedisURI redisUri, Rest5Client elasticsearch) {
        return new StoreHealth()
                .needs("books", books::requireAnswer, "nothing is answered but balances and outcomes of commands")
                .uses(
                        "redis",
                        () -> ask(redis, redisUri),
                        "balances come from the books, and no outcome of a command is known")
                .uses(
                        "elasticsearch",
                        () -> elasticsearch.performRequest(new Request("GET", "/")),
                        "the audit is not searched")
                .contributor();
    }

    private static void ask(RedisClient redis, RedisURI uri) {
        try (StatefulRedisConnection<String, String> connection = redis.connect(uri)) {
            connection.sync().ping();
        }
    }
}
