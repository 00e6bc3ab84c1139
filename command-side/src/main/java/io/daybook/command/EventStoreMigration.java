package io.daybook.command;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.command.store.EventStoreSchema;
import io.daybook.settings.DatabaseProperties;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

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
            DatabaseProperties eventStore =
                    context.getBean(CommandSideProperties.class).eventStore();
            int done = EventStoreSchema.migrate(
                    new DriverManagerDataSource(eventStore.jdbcUrl(), eventStore.username(), eventStore.password()));
            LOG.info("the event store is as this version needs it, after {} migrations", done);
        } catch (SQLException e) {
            throw new IllegalStateException("the event store cannot be migrated: " + e.getMessage(), e);
        }
    }
}
