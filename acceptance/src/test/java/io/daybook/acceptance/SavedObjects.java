package io.daybook.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is brought into Kibana, and what Kibana asks Elasticsearch for it. */
final class SavedObjects {

    static final Path FILE = TestInstallation.HOME.resolve("infra/kibana/daybook.ndjson");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String RECORDS = "___records___";
    private static final Pattern FIELD = Pattern.compile("^(?:_exists_:(?=[^:]+$))?([@a-z_.]+)(?::|$)");

    /**
     * A question to Elasticsearch.
     *
     * @param index the index, alias or data stream of the data view
     * @param fields those that it speaks of
     */
    record Question(String title, String index, ObjectNode body, Set<String> fields) {}

    private final Map<String, JsonNode> byId = new LinkedHashMap<>();
    private final List<JsonNode> all = new ArrayList<>();

    static SavedObjects read() throws IOException {
        SavedObjects objects = new SavedObjects();
        for (String line : Files.readAllLines(FILE)) {
            JsonNode object = JSON.readTree(line);
            objects.all.add(object);
            objects.byId.put(key(object), object);
        }
        return objects;
    }

    private static String key(JsonNode object) {
        return object.path("type").asString() + " " + object.path("id").asString();
    }

    List<JsonNode> all() {
        return all;
    }

    List<JsonNode> of(String type) {
        return all.stream()
                .filter(object -> object.path("type").asString().equals(type))
                .toList();
    }

    /** The object that is referred to by this name, or null. */
    JsonNode referred(JsonNode object, String name) {
        return StreamSupport.stream(object.path("references").spliterator(), false)
                .filter(reference -> reference.path("name").asString().equals(name))
                .map(reference -> byId.get(key(reference)))
                .findFirst()
                .orElse(null);
    }

    /** Names of references that an object speaks of. */
    static Set<String> namesUsed(JsonNode object) {
        Set<String> names = new TreeSet<>();
        JsonNode attributes = object.path("attributes");
        switch (object.path("type").asString()) {
            case "search" -> names.add(source(object).path("indexRefName").asString());
            case "lens" ->
                layers(object).propertyNames().forEach(layer -> names.add("indexpattern-datasource-layer-" + layer));
            case "dashboard" -> {
                for (JsonNode panel : panels(object)) {
                    names.add(panel.path("panelIndex").asString() + ":"
                            + panel.path("panelRefName").asString());
                }
                if (attributes.has("controlGroupInput")) {
                    controls(object)
                            .propertyNames()
                            .forEach(control -> names.add("controlGroup_" + control + ":optionsListDataView"));
                }
            }
            default -> {}
        }
        return names;
    }

    static JsonNode panels(JsonNode dashboard) {
        return JSON.readTree(dashboard.at("/attributes/panelsJSON").asString());
    }

    static JsonNode controls(JsonNode dashboard) {
        return JSON.readTree(
                dashboard.at("/attributes/controlGroupInput/panelsJSON").asString("{}"));
    }

    private static JsonNode source(JsonNode search) {
        return JSON.readTree(
                search.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON").asString());
    }

    static JsonNode layers(JsonNode lens) {
        return lens.at("/attributes/state/datasourceStates/formBased/layers");
    }

    private String index(JsonNode object, String reference) {
        return referred(object, reference).at("/attributes/title").asString();
    }

    /** What a saved search asks. */
    Question question(JsonNode search) {
        JsonNode source = source(search);
        Set<String> fields = new HashSet<>();
        search.at("/attributes/columns").forEach(column -> fields.add(column.asString()));
        ObjectNode body = JSON.createObjectNode().put("size", 10);
        body.set("query", query(source.path("query"), fields));
        ArrayNode sort = body.putArray("sort");
        for (JsonNode order : search.at("/attributes/sort")) {
            fields.add(order.path(0).asString());
            sort.addObject().put(order.path(0).asString(), order.path(1).asString());
        }
        return new Question(
                search.at("/attributes/title").asString(),
                index(search, source.path("indexRefName").asString()),
                body,
                fields);
    }

    /** What each layer of a lens asks: its buckets, one in the other as the columns are in order, with its metrics inside. */
    List<Question> questions(JsonNode lens) {
        List<Question> questions = new ArrayList<>();
        for (String name : layers(lens).propertyNames()) {
            JsonNode layer = layers(lens).path(name);
            Set<String> fields = new HashSet<>();
            ObjectNode body = JSON.createObjectNode().put("size", 0).put("track_total_hits", true);
            body.set("query", query(lens.at("/attributes/state/query"), fields));
            ObjectNode inner = body.putObject("aggs");
            ObjectNode metrics = JSON.createObjectNode();
            for (JsonNode order : layer.path("columnOrder")) {
                String column = order.asString();
                JsonNode operation = layer.path("columns").path(column);
                if (!operation.path("sourceField").asString().equals(RECORDS)) {
                    fields.add(operation.path("sourceField").asString());
                }
                if (operation.path("isBucketed").asBoolean()) {
                    ObjectNode bucket = bucket(operation, layer.path("columns"));
                    inner.set(column, bucket);
                    inner = bucket.withObjectProperty("aggs");
                } else {
                    metrics.set(column, metric(operation, fields));
                }
            }
            inner.setAll(metrics);
            questions.add(new Question(
                    lens.at("/attributes/title").asString(),
                    index(lens, "indexpattern-datasource-layer-" + name),
                    body,
                    fields));
        }
        return questions;
    }

    private static ObjectNode bucket(JsonNode operation, JsonNode columns) {
        ObjectNode bucket = JSON.createObjectNode();
        String field = operation.path("sourceField").asString();
        JsonNode parameters = operation.path("params");
        switch (operation.path("operationType").asString()) {
            // "auto" is a width that Kibana chooses by the time shown.
            case "date_histogram" ->
                bucket.putObject("date_histogram")
                        .put("field", field)
                        .put("fixed_interval", "30s")
                        .put("min_doc_count", 1);
            case "terms" -> {
                String by = parameters.at("/orderBy/columnId").asString();
                JsonNode metric = columns.path(by);
                String order =
                        switch (metric.path("operationType").asString()) {
                            case "count" -> "_count";
                            case "percentile" ->
                                by + "." + metric.at("/params/percentile").asInt();
                            default -> by;
                        };
                bucket.putObject("terms")
                        .put("field", field)
                        .put("size", parameters.path("size").asInt())
                        .putObject("order")
                        .put(order, parameters.path("orderDirection").asString());
                if (!order.equals("_count")) {
                    // Ordered by something inside, which must be right below it.
                    bucket.putObject("aggs").set(by, metric(metric, new HashSet<>()));
                }
            }
            default -> throw new AssertionError("not known: " + operation);
        }
        return bucket;
    }

    private static ObjectNode metric(JsonNode operation, Set<String> fields) {
        ObjectNode metric = JSON.createObjectNode();
        String field = operation.path("sourceField").asString();
        switch (operation.path("operationType").asString()) {
            case "count" ->
                metric.set(
                        "filter",
                        operation.has("filter")
                                ? query(operation.path("filter"), fields)
                                : JSON.createObjectNode().set("match_all", JSON.createObjectNode()));
            case "sum" -> metric.putObject("sum").put("field", field);
            case "max" -> metric.putObject("max").put("field", field);
            case "unique_count" -> metric.putObject("cardinality").put("field", field);
            case "percentile" ->
                metric.putObject("percentiles")
                        .put("field", field)
                        .putArray("percents")
                        .add(operation.at("/params/percentile").asInt());
            default -> throw new AssertionError("not known: " + operation);
        }
        return metric;
    }

    /** Kibana hands a query in Lucene's language on as it is. */
    private static ObjectNode query(JsonNode query, Set<String> fields) {
        String text = query.path("query").asString();
        if (!text.isEmpty() && !query.path("language").asString().equals("lucene")) {
            throw new AssertionError("only Lucene's language can be handed on: " + query);
        }
        ObjectNode body = JSON.createObjectNode();
        if (text.isEmpty()) {
            body.putObject("match_all");
            return body;
        }
        body.putObject("query_string").put("query", text).put("analyze_wildcard", true);
        for (String word : text.split("[\\s()]+")) {
            Matcher field = FIELD.matcher(word);
            if (field.find()) {
                fields.add(field.group(1));
            }
        }
        return body;
    }
}
