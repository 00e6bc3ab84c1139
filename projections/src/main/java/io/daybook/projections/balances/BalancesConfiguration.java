package io.daybook.projections.balances;

import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.lettuce.core.RedisClient;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The projection {@code balances}. */
@Configuration(proxyBeanMethods = false)
public class BalancesConfiguration {

    @Bean(defaultCandidate = false, destroyMethod = "shutdown")
    RedisClient projectionsRedisClient(@Value("${daybook.redis.uri}") String uri) {
        return RedisClient.create(uri);
    }

    @Bean
    GenerationStore balancesGenerations(@Qualifier("projectionsRedisClient") RedisClient redis) {
        return new BalancesGenerations(redis);
    }

    @Bean
    @DependsOn("projectionsSchemas")
    RunningProjection balancesProjection(
            ProjectionFactory factory, @Qualifier("balancesGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
