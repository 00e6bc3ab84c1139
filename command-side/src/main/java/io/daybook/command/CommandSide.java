package io.daybook.command;

import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * The command side as a process: takes commands over HTTP and from Kafka, records what they lead to in the event store, and
 * publishes it.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({HttpConfiguration.class, RequestLogConfiguration.class, CommandSideConfiguration.class})
public class CommandSide {

    /**
     * @param arguments properties as {@code --name=value}, before those of the environment; or {@code migrate} and such, which
     *     only brings the schema of the event store to the form that this version needs
     */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("migrate")) {
            EventStoreMigration.run(arguments);
        } else {
            SpringApplication.run(CommandSide.class, arguments);
        }
    }
}
