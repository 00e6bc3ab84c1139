package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.command.settings.CommandSideProperties;
import io.daybook.http.EdgeProperties;
import io.daybook.http.requestlog.RequestLogProperties;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.query.settings.QuerySideProperties;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What a workload is given: variables of its ConfigMaps, and properties that are files.
 *
 * @param variables of the environment
 * @param files names of properties; with their values where the rendering has the Secret
 */
record Settings(Map<String, String> variables, Map<String, String> files) {

    /** The sides, with the records of what they may be told. */
    static final Map<String, Class<?>> SIDES = new TreeMap<>(Map.of(
            "command-side", CommandSideProperties.class,
            "projections", ProjectionsProperties.class,
            "query-side", QuerySideProperties.class));

    /** What every process may be told of its edge. */
    private static final Map<Class<?>, String> EDGE =
            Map.of(RequestLogProperties.class, "daybook.requests", EdgeProperties.class, "daybook.edge");

    private static final String SECRETS = "/run/secrets/daybook";

    /** The jobs that bring databases to their present form, with the sides whose programs and settings these are. */
    static final Map<String, String> MIGRATIONS =
            new TreeMap<>(Map.of("migrate-event-store", "command-side", "migrate-books", "projections"));

    /** Of the image and of the JVM, not of Daybook. */
    private static final Set<String> OF_THE_PROCESS = Set.of("SPRING_CONFIG_IMPORT", "JAVA_TOOL_OPTIONS");

    private static final Pattern OF_EVERY_PROCESS = Pattern.compile("`((?:server|spring)\\.[a-z.-]+)`");

    /** Stands for what only the cluster knows. */
    private static final Map<String, String> UNKNOWN = Map.of("daybook.redis.uri", "redis://redis:6379/0");

    static Settings of(Rendering rendering, Resource workload) {
        Map<String, String> variables = new LinkedHashMap<>();
        Map<String, String> files = new TreeMap<>();
        JsonNode container = workload.podSpec().path("containers").path(0);
        for (JsonNode source : container.path("envFrom")) {
            rendering
                    .find("ConfigMap", source.at("/configMapRef/name").asText())
                    .ifPresent(map -> variables.putAll(Resource.texts(map.json().path("data"))));
        }
        for (JsonNode variable : container.path("env")) {
            variables.put(variable.path("name").asText(), variable.path("value").asText());
        }
        for (JsonNode volume : workload.podSpec().path("volumes")) {
            for (JsonNode source : volume.at("/projected/sources")) {
                Optional<Resource> secret =
                        rendering.find("Secret", source.at("/secret/name").asText());
                for (JsonNode item : source.at("/secret/items")) {
                    String property = item.path("path").asText();
                    files.put(
                            property,
                            secret.map(present -> decoded(present.json()
                                            .at("/data/" + item.path("key").asText())))
                                    .orElse(UNKNOWN.getOrDefault(property, "unknown")));
                }
            }
        }
        return new Settings(variables, files);
    }

    private static String decoded(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asText()), StandardCharsets.UTF_8);
    }

    /** Whether the files are where the process is told to look for them. */
    boolean areFilesFound(Resource workload) {
        JsonNode mounts = workload.podSpec().path("containers").path(0).path("volumeMounts");
        boolean mounted = false;
        for (JsonNode mount : mounts) {
            mounted |= mount.path("mountPath").asText().equals(SECRETS);
        }
        return mounted
                && variables.getOrDefault("SPRING_CONFIG_IMPORT", "").equals("configtree:" + SECRETS + "/");
    }

    /**
     * What a side would not start with, and what it does not know.
     *
     * @param whole whether it has to be told all that it may be, so that it can be seen
     */
    List<String> violations(String side, boolean whole) {
        List<String> violations = new ArrayList<>();
        Map<String, String> known = new TreeMap<>();
        properties(SIDES.get(side), "daybook").forEach(property -> known.put(variable(property), property));
        EDGE.forEach((record, prefix) ->
                properties(record, prefix).forEach(property -> known.put(variable(property), property)));
        Set<String> process = processVariables();
        Set<String> missing = new TreeSet<>(known.values());
        missing.addAll(process);
        variables.keySet().forEach(variable -> {
            if (!known.containsKey(variable) && !process.contains(variable) && !OF_THE_PROCESS.contains(variable)) {
                violations.add(side + " is told " + variable + ", which it does not know");
            }
            missing.remove(known.getOrDefault(variable, variable));
        });
        files.keySet().forEach(property -> {
            if (!known.containsValue(property)) {
                violations.add(side + " has a file " + property + ", which is none of its properties");
            }
            missing.remove(property);
        });
        if (whole) {
            missing.forEach(property -> violations.add(side + " is not told " + property));
        }
        try {
            bind(SIDES.get(side), "daybook");
            EDGE.forEach((record, prefix) -> bind(record, prefix));
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            violations.add(side + " would not start: " + cause.getMessage());
        }
        return violations;
    }

    private void bind(Class<?> record, String prefix) {
        MutablePropertySources sources = new MutablePropertySources();
        sources.addLast(new SystemEnvironmentPropertySource("systemEnvironment", new HashMap<>(variables)));
        sources.addLast(new MapPropertySource("files", new HashMap<>(files)));
        new Binder(ConfigurationPropertySources.from(sources)).bindOrCreate(prefix, record);
    }

    /** The names of all properties of a record, as they are written in files of properties. */
    static Set<String> properties(Class<?> record, String prefix) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                names.addAll(properties(component.getType(), name));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    /** How a property is named in the environment. */
    static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Of the page of settings, but the address that a process listens at: in a pod it listens at all. */
    private static Set<String> processVariables() {
        Set<String> variables = new TreeSet<>();
        Matcher property = OF_EVERY_PROCESS.matcher(Kustomize.text("docs/operating/settings.md"));
        while (property.find()) {
            variables.add(variable(property.group(1)));
        }
        variables.remove("SERVER_ADDRESS");
        return variables;
    }
}
