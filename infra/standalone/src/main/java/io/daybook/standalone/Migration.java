package io.daybook.standalone;

import io.daybook.command.CommandSide;
import io.daybook.installation.InstallationException;
import io.daybook.installation.Stores;
import io.daybook.projections.Projections;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.logging.LoggingSystem;

/** The process behind {@code daybook migrate}: brings the schemas of all databases to the form that this version needs. */
public final class Migration {

    /** What the sides are told; neither Redis nor Kafka is asked anything. */
    private static final List<String> PROPERTIES = List.of(
            "daybook.event-store.jdbc-url",
            "daybook.event-store.username",
            "daybook.event-store.password",
            "daybook.books.jdbc-url",
            "daybook.books.username",
            "daybook.books.password",
            "daybook.kafka.bootstrap-servers",
            "daybook.redis.uri",
            "daybook.elasticsearch.uri");

    private Migration() {}

    /** Arguments: the data folder of the installation; what its environment says of the stores is before what stands there. */
    public static void main(String[] arguments) {
        LoggingSystem.get(Migration.class.getClassLoader()).beforeInitialize();
        Stores stores = Stores.of(Path.of(arguments[0]));
        try {
            run(PROPERTIES.stream().collect(Collectors.toMap(property -> property, stores::get)));
        } catch (InstallationException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    static void run(Map<String, ?> properties) {
        String[] arguments = Stream.concat(
                        Stream.of("migrate"),
                        properties.entrySet().stream()
                                .map(property -> "--" + property.getKey() + "=" + property.getValue()))
                .toArray(String[]::new);
        CommandSide.main(arguments);
        Projections.main(arguments);
    }
}
