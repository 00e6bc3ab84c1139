package io.daybook.projections;

import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The projections as a process: they read events from Kafka, and post them to Redis, to the books and to the audit. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({HttpConfiguration.class, RequestLogConfiguration.class, ProjectionsConfiguration.class})
public class Projections {

    /**
     * @param arguments properties as {@code --name=value}, before those of the environment
     */
    public static void main(String[] arguments) {
        SpringApplication.run(Projections.class, arguments);
    }
}
