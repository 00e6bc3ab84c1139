package io.daybook.command.intake;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.settings.KafkaProperties;
import io.daybook.settings.OrderedTopics;
import io.lettuce.core.RedisClient;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** How commands reach the bus: over HTTP, or through Kafka. */
@Configuration(proxyBeanMethods = false)
public class IntakeConfiguration {

    @Bean
    CommandTopic commandTopic(CommandSideProperties properties) {
        return new CommandTopic(properties.kafka());
    }

    /** Commands and events of a ledger are in order by their partitions. */
    @Bean
    OrderedTopics orderedTopics(CommandSideProperties properties, CommandTopic commands) {
        KafkaProperties kafka = properties.kafka();
        return new OrderedTopics(
                kafka,
                Map.of(
                        kafka.eventsTopic().name(),
                        kafka.eventsPartitions(),
                        commands.name(),
                        kafka.commandsPartitions()));
    }

    @Bean
    CommandIntake commandIntake(CommandBus bus, AsyncCommands async, CommandSideProperties properties) {
        return new CommandIntake(bus, async, properties.commands().timeout());
    }

    @Bean(destroyMethod = "shutdown")
    RedisClient redis(CommandSideProperties properties) {
        return RedisClient.create(properties.redis().uri());
    }

    @Bean(destroyMethod = "close")
    AsyncOutcomes asyncOutcomes(RedisClient redis, JsonMapper json, CommandSideProperties properties) {
        return new AsyncOutcomes(redis, json, properties.async().outcomesKept());
    }

    @Bean(destroyMethod = "close")
    AsyncCommands asyncCommands(CommandTopic topic, AsyncOutcomes outcomes, CommandSideProperties properties) {
        return new AsyncCommands(topic, outcomes, properties.async().acceptTimeout());
    }

    @Bean
    CommandConsumer commandConsumer(
            CommandBus bus, AsyncOutcomes outcomes, CommandTopic topic, CommandSideProperties properties) {
        return new CommandConsumer(bus, outcomes, topic, properties.async());
    }
}
