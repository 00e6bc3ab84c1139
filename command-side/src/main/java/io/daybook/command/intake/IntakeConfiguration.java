package io.daybook.command.intake;

import io.lettuce.core.RedisClient;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** How commands reach the bus: over HTTP, or through Kafka. */
@Configuration(proxyBeanMethods = false)
public class IntakeConfiguration {

    @Bean
    CommandIntake commandIntake(CommandBus bus, AsyncCommands async) {
        return new CommandIntake(bus, async);
    }

    @Bean(defaultCandidate = false, destroyMethod = "shutdown")
    RedisClient commandRedisClient(@Value("${daybook.redis.uri}") String uri) {
        return RedisClient.create(uri);
    }

    @Bean(destroyMethod = "close")
    AsyncOutcomes asyncOutcomes(@Qualifier("commandRedisClient") RedisClient redis, JsonMapper json) {
        return new AsyncOutcomes(redis, json);
    }

    @Bean(destroyMethod = "close")
    AsyncCommands asyncCommands(
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix,
            AsyncOutcomes outcomes) {
        return new AsyncCommands(bootstrapServers, CommandTopic.name(topicPrefix), outcomes);
    }

    @Bean
    CommandConsumer commandConsumer(
            CommandBus bus,
            AsyncOutcomes outcomes,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new CommandConsumer(bus, outcomes, bootstrapServers, CommandTopic.name(topicPrefix));
    }
}
