package io.daybook.command.health;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.command.store.JournalEventStore;
import io.daybook.http.health.StoreHealth;
import io.daybook.http.health.StoreQuestions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whether the stores of the command side answer. */
@Configuration(proxyBeanMethods = false)
public class CommandHealthConfiguration {

    @Bean
    CompositeHealthContributor stores(
            CommandSideProperties properties, JournalEventStore eventStore, RedisClient redis) {
        return new StoreHealth()
                .needs("eventStore", () -> eventStore.requireAnswer(StoreQuestions.PATIENCE), "no command is answered")
                .uses(
                        "kafka",
                        StoreQuestions.kafka(properties.kafka()),
                        "commands are answered, and what they recorded is published when Kafka is back; none is accepted for"
                                + " later")
                .uses("redis", () -> ask(redis, properties), "outcomes of commands for later wait")
                .contributor();
    }

    private static void ask(RedisClient redis, CommandSideProperties properties) {
        RedisURI uri = RedisURI.create(properties.redis().uri());
        uri.setTimeout(StoreQuestions.PATIENCE);
        try (StatefulRedisConnection<String, String> connection = redis.connect(uri)) {
            connection.sync().ping();
        }
    }
}
