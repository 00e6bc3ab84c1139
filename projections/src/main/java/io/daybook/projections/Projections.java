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
     * @param arguments properties as {@code --name=value}, before those of the environment; or {@code migrate} and such, which
     *     only brings the schema of the books to the form that this version needs
     */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("migrate")) {
            BooksMigration.run(arguments);
        } else {
            SpringApplication.run(Projections.class, arguments);
        }
    }
}
