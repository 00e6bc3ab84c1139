package io.daybook.projections;

import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.settings.DatabaseProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The migrations of the books as a job, with the settings of the projections and nothing else of them. */
@SpringBootConfiguration
@EnableConfigurationProperties(ProjectionsProperties.class)
class BooksMigration {

    private static final Logger LOG = LoggerFactory.getLogger(BooksMigration.class);

    static void run(String... arguments) {
        SpringApplication application = new SpringApplication(BooksMigration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLogStartupInfo(false);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            DatabaseProperties books =
                    context.getBean(ProjectionsProperties.class).books();
            int done = new BooksSchemas(
                            new DriverManagerDataSource(books.jdbcUrl(), books.username(), books.password()))
                    .migrate();
            LOG.info("the books are as this version needs them, after {} migrations", done);
        }
    }
}
