package io.daybook.command;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.command.store.EventStoreSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** The migrations of the event store as a job, with the settings of the command side and nothing else of it. */
@SpringBootConfiguration
@EnableConfigurationProperties(CommandSideProperties.class)
class EventStoreMigration {

    private static final Logger LOG = LoggerFactory.getLogger(EventStoreMigration.class);

    static void run(String... arguments) {
        SpringApplication application = new SpringApplication(EventStoreMigration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLogStartupInfo(false);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            int done = EventStoreSchema.migrate(
                    context.getBean(CommandSideProperties.class).eventStore());
            LOG.info("the event store is as this version needs it, after {} migrations", done);
        }
    }
}
