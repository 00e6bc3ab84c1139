package io.daybook.projections.balances;

import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.settings.ProjectionsProperties;
import io.lettuce.core.RedisClient;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The projection {@code balances}. */
@Configuration(proxyBeanMethods = false)
public class BalancesConfiguration {

    @Bean(destroyMethod = "shutdown")
    RedisClient redis(ProjectionsProperties properties) {
        return RedisClient.create(properties.redis().uri());
    }

    @Bean
    GenerationStore balancesGenerations(RedisClient redis) {
        return new BalancesGenerations(redis);
    }

    @Bean
    RunningProjection balancesProjection(
            ProjectionFactory factory, @Qualifier("balancesGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
