package io.daybook.projections.journal;

import io.daybook.projections.settings.ProjectionsProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The event store as projections know it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProjectionsProperties.class)
public class JournalConfiguration {

    @Bean(destroyMethod = "close")
    Journal journal(ProjectionsProperties properties) {
        return Journal.at(properties.eventStore(), properties.journal());
    }
}
