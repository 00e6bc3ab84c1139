package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of operators whose definitions are published in their repositories only: the fields that are used here, with their types,
 * and those that have to be there beside them, in {@code src/test/resources/fields}. A line is
 * {@code PATH TYPE [required] [= VALUE|VALUE]}; what a table does not have is an error.
 */
final class FieldTables {

    private static final Path FOLDER = Path.of("src/test/resources/fields");

    private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+)( required)?(?: = (\\S+))?");

    private static final Pattern HEAD = Pattern.compile("## (\\S+ \\S+)");

    private static final Map<String, Map<String, Field>> TABLES = read();

    private record Field(String type, boolean required, Set<String> values) {}

    private FieldTables() {}

    static boolean has(Resource resource) {
        return TABLES.containsKey(resource.apiVersion() + " " + resource.kind());
    }

    /** The kinds that there are tables of, as {@code apiVersion kind}. */
    static Set<String> kinds() {
        return TABLES.keySet();
    }

    /** What the operator's definition does not know, or misses. */
    static List<String> violations(Resource resource) {
        List<String> violations = new ArrayList<>();
        Map<String, Field> table = TABLES.get(resource.apiVersion() + " " + resource.kind());
        check(resource, table, "", resource.json(), violations);
        return violations;
    }

    private static void check(
            Resource resource, Map<String, Field> table, String path, JsonNode object, List<String> violations) {
        object.properties().forEach(member -> {
            String name = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            if (!name.equals("apiVersion") && !name.equals("kind") && !name.equals("metadata")) {
                check(resource, table, name, member.getValue(), table.get(name), violations);
            }
        });
        table.forEach((name, field) -> {
            int dot = name.lastIndexOf('.');
            if (field.required()
                    && (dot < 0 ? "" : name.substring(0, dot)).equals(path)
                    && object.path(name.substring(dot + 1)).isMissingNode()) {
                violations.add(resource + " lacks " + name);
            }
        });
    }

    private static void check(
            Resource resource,
            Map<String, Field> table,
            String name,
            JsonNode value,
            @Nullable Field field,
            List<String> violations) {
        if (field == null) {
            violations.add(resource + " has " + name + ", which is not in the table of its fields");
            return;
        }
        boolean fits =
                switch (field.type()) {
                    case "any" -> true;
                    case "texts" ->
                        value.isObject()
                                && value.properties().stream()
                                        .allMatch(member -> member.getValue().isTextual());
                    case "pods" -> {
                        violations.addAll(BuiltInKinds.podTemplateViolations(resource + " " + name, value.toString()));
                        yield true;
                    }
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "boolean" -> value.isBoolean();
                    case "object" -> {
                        check(resource, table, name, value, violations);
                        yield value.isObject();
                    }
                    case "list" -> {
                        for (JsonNode item : value) {
                            check(resource, table, name + "[]", item, table.get(name + "[]"), violations);
                        }
                        yield value.isArray();
                    }
                    default -> throw new AssertionError(name + " has a type that is not known here: " + field.type());
                };
        if (!fits) {
            violations.add(resource + " has " + name + ": " + value + ", which is no " + field.type());
        }
        if (!field.values().isEmpty() && !field.values().contains(value.asText())) {
            violations.add(resource + " has " + name + ": " + value + ", which is none of " + field.values());
        }
    }

    private static Map<String, Map<String, Field>> read() {
        Map<String, Map<String, Field>> tables = new HashMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Map<String, Field> table = new LinkedHashMap<>();
                for (String line : Files.readAllLines(file)) {
                    Matcher head = HEAD.matcher(line);
                    Matcher field = LINE.matcher(line);
                    if (head.matches()) {
                        table = new TreeMap<>();
                        tables.put(head.group(1), table);
                    } else if (!line.startsWith("#") && field.matches()) {
                        table.put(
                                field.group(1),
                                new Field(
                                        field.group(2),
                                        field.group(3) != null,
                                        field.group(4) == null
                                                ? Set.of()
                                                : Set.of(field.group(4).split("\\|"))));
                    } else if (!line.isBlank() && !line.startsWith("#")) {
                        throw new AssertionError(file + ": \"" + line + "\" is no line of a table");
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }
}
