package io.daybook.standalone;

import io.daybook.command.CommandSideConfiguration;
import io.daybook.http.OtherControllers;
import io.daybook.projections.ProjectionsConfiguration;
import io.daybook.query.QuerySideConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import tools.jackson.databind.json.JsonMapper;

/** The three sides behind one edge. */
@Configuration(proxyBeanMethods = false)
class SidesConfiguration {

    @Bean
    Sides sides(ConfigurableEnvironment environment, JsonMapper json, MeterRegistry metrics) {
        // In the order in which they stop: what is recorded is still published and posted as far as it goes.
        Map<String, Class<?>> sides = new LinkedHashMap<>();
        sides.put("command-side", CommandSideConfiguration.class);
        sides.put("projections", ProjectionsConfiguration.class);
        sides.put("query-side", QuerySideConfiguration.class);
        return Sides.start(sides, environment, json, metrics);
    }

    @Bean
    OtherControllers controllersOfSides(Sides sides) {
        return sides::controllers;
    }

    /** What each side tells of its stores. */
    @Bean
    CompositeHealthContributor stores(Sides sides) {
        return CompositeHealthContributor.fromMap(sides.stores());
    }
}
