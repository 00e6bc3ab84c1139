package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.command.settings.CommandSideProperties;
import io.daybook.http.EdgeProperties;
import io.daybook.http.requestlog.RequestLogProperties;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.query.settings.QuerySideProperties;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** That the page of settings has all that there are, with what they are if they are not set, and with their bounds. */
class SettingsTest {

    private static final Path PAGE = Path.of("../docs/operating/settings.md");

    /** Property, what it is if it is not set, bounds. */
    private static final Pattern ROW =
            Pattern.compile("\\| `(daybook\\.[a-z.-]+)` \\| (?:`([^`]*)`)? *\\| ([^|]*) \\| [^|]+ \\|");

    private static final Pattern BOUNDS = Pattern.compile("[\\d.,]+(?: \\w+)? to ([\\d.,]+)(?: (\\w+))?");

    private static final Map<String, String> STORES = Map.of(
            "daybook.event-store.jdbc-url", "jdbc:postgresql://localhost/journal",
            "daybook.event-store.username", "daybook",
            "daybook.books.jdbc-url", "jdbc:postgresql://localhost/books",
            "daybook.books.username", "daybook",
            "daybook.kafka.bootstrap-servers", "localhost:9092",
            "daybook.redis.uri", "redis://localhost",
            "daybook.elasticsearch.uri", "http://localhost:9200");

    private static final Map<Class<?>, String> RECORDS = Map.of(
            CommandSideProperties.class, "daybook",
            ProjectionsProperties.class, "daybook",
            QuerySideProperties.class, "daybook",
            RequestLogProperties.class, "daybook.requests",
            EdgeProperties.class, "daybook.edge");

    private record Documented(String unset, String bounds) {}

    private static Map<String, Documented> documented() throws IOException {
        Map<String, Documented> rows = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(
                        row.group(1),
                        new Documented(
                                row.group(2) == null ? "" : row.group(2),
                                row.group(3).strip()));
            }
        }
        return rows;
    }

    private static Map<String, String> ofRecords() {
        Map<String, String> unset = new TreeMap<>();
        RECORDS.forEach((record, prefix) -> addAll(record, prefix, unset));
        return unset;
    }

    private static void addAll(Class<?> record, String prefix, Map<String, String> unset) {
        Class<?>[] types = List.of(record.getRecordComponents()).stream()
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var parameters = record.getDeclaredConstructor(types).getParameters();
            for (int i = 0; i < types.length; i++) {
                String name = prefix + "." + hyphenated(record.getRecordComponents()[i].getName());
                if (types[i].isRecord()) {
                    addAll(types[i], name, unset);
                } else {
                    DefaultValue value = parameters[i].getAnnotation(DefaultValue.class);
                    unset.put(name, value == null ? "" : String.join(",", value.value()));
                }
            }
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void the_page_has_all_settings_with_what_they_are_if_they_are_not_set() throws IOException {
        Map<String, String> told = new LinkedHashMap<>();
        documented().forEach((property, row) -> told.put(property, row.unset()));
        assertThat(told).isEqualTo(ofRecords());
    }

    @Test
    void what_is_above_the_bounds_on_the_page_is_refused_with_the_property() throws IOException {
        Set<Class<?>> records = RECORDS.keySet();
        documented().forEach((property, row) -> {
            Matcher bounds = BOUNDS.matcher(row.bounds());
            if (bounds.matches()) {
                Map<String, String> properties = new HashMap<>(STORES);
                properties.put(property, above(bounds.group(1).replace(",", ""), bounds.group(2)));
                assertThatThrownBy(() -> {
                            for (Class<?> record : records) {
                                new Binder(new MapConfigurationPropertySource(properties))
                                        .bindOrCreate(RECORDS.get(record), record);
                            }
                        })
                        .as("%s of %s", property, properties.get(property))
                        .rootCause()
                        .hasMessageStartingWith(property + " is ");
            }
        });
    }

    /** A little more than the largest value, as it is written in a file of properties. */
    private static String above(String most, String unit) {
        if (unit == null) {
            return most.contains(".") ? most + "1" : Long.toString(Long.parseLong(most) + 1);
        }
        long value = Long.parseLong(most);
        return switch (unit) {
            case "KiB" -> Long.toString(value * 1024 + 1);
            case "MiB" -> Long.toString(value * 1024 * 1024 + 1);
            case "GiB" -> Long.toString(value * 1024 * 1024 * 1024 + 1);
            case "s" -> value * 1_000 + 1 + "ms";
            case "min" -> value * 60_000 + 1 + "ms";
            case "h" -> value * 3_600_000 + 1 + "ms";
            case "day", "days" -> value * 86_400_000 + 1 + "ms";
            case "years" -> value * 366 + "d";
            default -> throw new AssertionError("a unit that is not known here: " + unit);
        };
    }
}
