package io.daybook.projections.health;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.http.health.StoreHealth;
import io.daybook.http.health.StoreQuestions;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.settings.ProjectionsProperties;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whether the stores of the projections answer. */
@Configuration(proxyBeanMethods = false)
public class ProjectionsHealthConfiguration {

    @Bean
    CompositeHealthContributor stores(
            ProjectionsProperties properties, BooksSchemas books, RedisClient redis, Rest5Client elasticsearch) {
        return new StoreHealth()
                .needs(
                        "books",
                        () -> books.requireAnswer(StoreQuestions.PATIENCE),
                        "nothing is posted, as how far it was is not known")
                .uses("kafka", StoreQuestions.kafka(properties.kafka()), "no events come, and none is lost")
                .uses(
                        "redis",
                        () -> ask(redis, properties),
                        "events are posted to the other stores, and to it when it is back")
                .uses(
                        "elasticsearch",
                        () -> elasticsearch.performRequest(new Request("GET", "/")),
                        "events are posted to the other stores, and to it when it is back")
                .contributor();
    }

    private static void ask(RedisClient redis, ProjectionsProperties properties) {
        RedisURI uri = RedisURI.create(properties.redis().uri());
        uri.setTimeout(StoreQuestions.PATIENCE);
        try (StatefulRedisConnection<String, String> connection = redis.connect(uri)) {
            connection.sync().ping();
        }
    }
}
