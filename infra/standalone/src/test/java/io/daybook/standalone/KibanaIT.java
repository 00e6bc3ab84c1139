package io.daybook.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.daybook.standalone.SavedObjects.Question;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event explorer. There is no Kibana here, so what its panels ask is asked of Elasticsearch, which was filled by the
 * projections: each must find something.
 */
@ExtendWith(SharedInstallation.class)
class KibanaIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LEDGER = "/v1/ledgers/explored";
    private static final String PROJECTIONS = "daybook-projections";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int GRID_COLUMNS = 48;

    private final TestInstallation daybook;
    private final SavedObjects objects;

    KibanaIT(TestInstallation daybook) throws Exception {
        this.daybook = daybook;
        this.objects = SavedObjects.read();
    }

    @BeforeAll
    static void fill(TestInstallation daybook) {
        daybook.send("PUT", LEDGER, "");
        for (int i = 0; i < 3; i++) {
            post(daybook, "world", "users:" + i);
        }
        assertThat(post(daybook, "nobody", "users:1").statusCode()).isEqualTo(422);
        daybook.get(LEDGER + "/accounts/users:1", "Min-Ledger-Sequence", "4");
        String ofLedger = "{\"query\":{\"term\":{\"daybook.ledger\":\"explored\"}}}";
        await().atMost(SOON).ignoreException(AssertionError.class).untilAsserted(() -> {
            assertThat(elasticsearch(daybook, "daybook-events/_count", ofLedger)
                            .path("count")
                            .asInt())
                    .isEqualTo(4);
            // One to open it, four to post, one to look.
            assertThat(elasticsearch(daybook, "daybook-requests/_count", ofLedger)
                            .path("count")
                            .asInt())
                    .isEqualTo(6);
            assertThat(elasticsearch(daybook, PROJECTIONS + "/_count", "")
                            .path("count")
                            .asInt())
                    .isPositive();
        });
    }

    private static HttpResponse<String> post(TestInstallation daybook, String source, String destination) {
        return daybook.send(
                "POST",
                LEDGER + "/transactions",
                "{\"postings\":[{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD/2\",\"amount\":\"100\"}]}"
                        .formatted(source, destination));
    }

    private static JsonNode elasticsearch(TestInstallation daybook, String path, String body) {
        HttpResponse<String> answer =
                daybook.sendTo(daybook.port("elasticsearch"), body.isEmpty() ? "GET" : "POST", "/" + path, body);
        assertThat(answer.statusCode())
                .as("%s %s: %s", path, body, answer.body())
                .isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private List<Question> questions() {
        return Stream.concat(
                        objects.of("search").stream().map(objects::question),
                        objects.of("lens").stream().flatMap(lens -> objects.questions(lens).stream()))
                .toList();
    }

    @Test
    void what_each_search_and_panel_asks_finds_something() {
        assertThat(questions()).hasSizeGreaterThan(15).allSatisfy(question -> {
            ObjectNode body = question.body().deepCopy();
            JsonNode asked = body.path("query").deepCopy();
            if (!question.index().equals(PROJECTIONS)) {
                // Of this test's own ledger, so that no other test's requests are what is found.
                ((ObjectNode) body.putObject("query"))
                        .putObject("bool")
                        .putArray("filter")
                        .add(asked)
                        .addObject()
                        .putObject("term")
                        .put("daybook.ledger", "explored");
            }
            JsonNode answer = elasticsearch(daybook, question.index() + "/_search", body.toString());
            assertThat(answer.at("/hits/total/value").asInt())
                    .as("%s: %s", question.title(), body)
                    .isPositive();
            assertFilled(question.title(), body.path("aggs"), answer.path("aggregations"));
        });
    }

    /** Every bucket aggregation has a bucket, and every metric in the first of them a value. */
    private static void assertFilled(String title, JsonNode asked, JsonNode answered) {
        for (String name : asked.propertyNames()) {
            JsonNode aggregation = answered.path(name);
            if (asked.path(name).has("terms") || asked.path(name).has("date_histogram")) {
                assertThat(aggregation.path("buckets"))
                        .as("%s, %s: %s", title, name, answered)
                        .isNotEmpty();
                assertFilled(title, asked.path(name).path("aggs"), aggregation.at("/buckets/0"));
            } else if (asked.path(name).has("percentiles")) {
                assertThat(aggregation.path("values"))
                        .as("%s, %s", title, name)
                        .allSatisfy(value -> assertThat(value.isNumber()).isTrue());
            } else {
                JsonNode value = aggregation.has("value") ? aggregation.path("value") : aggregation.path("doc_count");
                assertThat(value.isNumber())
                        .as("%s, %s: %s", title, name, answered)
                        .isTrue();
            }
        }
    }

    @Test
    void every_field_is_in_its_index_and_can_be_used_as_it_is() {
        for (Question question : questions()) {
            JsonNode fields = elasticsearch(daybook, question.index() + "/_field_caps?fields=*", "")
                    .path("fields");
            for (String field : question.fields()) {
                assertThat(fields.has(field))
                        .as("%s of %s in %s", field, question.title(), question.index())
                        .isTrue();
            }
            for (JsonNode field : question.body().findValues("field")) {
                assertThat(fields.path(field.asString())
                                .values()
                                .iterator()
                                .next()
                                .path("aggregatable")
                                .asBoolean())
                        .as("%s of %s", field, question.title())
                        .isTrue();
            }
        }
        for (JsonNode dashboard : objects.of("dashboard")) {
            for (JsonNode control : SavedObjects.controls(dashboard)) {
                String field = control.at("/explicitInput/fieldName").asString();
                assertThat(elasticsearch(daybook, "daybook-events,daybook-requests/_field_caps?fields=" + field, "")
                                .path("fields")
                                .has(field))
                        .isTrue();
            }
        }
    }

    @Test
    void every_reference_leads_somewhere_and_every_object_is_used() {
        Set<String> used = new TreeSet<>();
        for (JsonNode object : objects.all()) {
            Set<String> declared = new TreeSet<>();
            for (JsonNode reference : object.path("references")) {
                String name = reference.path("name").asString();
                declared.add(name);
                assertThat(objects.referred(object, name))
                        .as("%s of %s", name, object.path("id"))
                        .isNotNull();
                used.add(reference.path("id").asString());
            }
            assertThat(declared).as("%s", object.path("id")).isEqualTo(SavedObjects.namesUsed(object));
        }
        assertThat(objects.all())
                .filteredOn(object -> !object.path("type").asString().equals("dashboard"))
                .allSatisfy(
                        object -> assertThat(used).contains(object.path("id").asString()));
    }

    @Test
    void ids_and_titles_are_there_once_and_each_object_has_the_version_of_its_type() {
        List<String> ids = objects.all().stream()
                .map(object -> object.path("id").asString())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).startsWith("daybook-"));
        assertThat(objects.all().stream()
                        .map(object -> object.path("type").asString()
                                + object.at("/attributes/title").asString()))
                .doesNotHaveDuplicates();
        Map<String, String> versions =
                Map.of("index-pattern", "7.11.0", "search", "7.9.3", "lens", "8.9.0", "dashboard", "8.7.0");
        assertThat(objects.all()).allSatisfy(object -> {
            assertThat(object.path("coreMigrationVersion").asString()).isEqualTo("8.8.0");
            assertThat(object.path("typeMigrationVersion").asString())
                    .isEqualTo(versions.get(object.path("type").asString()));
        });
    }

    @Test
    void what_a_panel_draws_is_among_its_columns() {
        for (JsonNode lens : objects.of("lens")) {
            for (JsonNode layer : SavedObjects.layers(lens)) {
                Set<String> columns = new TreeSet<>(layer.path("columns").propertyNames());
                List<String> order = new ArrayList<>();
                layer.path("columnOrder").forEach(column -> order.add(column.asString()));
                assertThat(order).as("%s", lens.path("id")).containsExactlyInAnyOrderElementsOf(columns);
                Set<String> drawn = new TreeSet<>();
                JsonNode visualization = lens.at("/attributes/state/visualization");
                for (JsonNode view :
                        visualization.has("layers") ? visualization.path("layers") : List.of(visualization)) {
                    assertThat(SavedObjects.layers(lens)
                                    .has(view.path("layerId").asString()))
                            .as("%s", lens.path("id"))
                            .isTrue();
                    Stream.of("xAccessor", "splitAccessor", "metricAccessor")
                            .filter(view::has)
                            .forEach(accessor -> drawn.add(view.path(accessor).asString()));
                    view.path("accessors").forEach(accessor -> drawn.add(accessor.asString()));
                    view.path("columns")
                            .forEach(column -> drawn.add(column.path("columnId").asString()));
                }
                assertThat(drawn).as("%s", lens.path("id")).isEqualTo(columns);
            }
        }
    }

    @Test
    void panels_are_on_the_grid_and_do_not_overlap() {
        String version = elasticsearch(daybook, "_nodes/_local", "")
                .path("nodes")
                .iterator()
                .next()
                .path("version")
                .asString();
        assertThat(objects.of("dashboard")).hasSize(3).allSatisfy(dashboard -> {
            Set<String> cells = new TreeSet<>();
            for (JsonNode panel : SavedObjects.panels(dashboard)) {
                JsonNode grid = panel.path("gridData");
                assertThat(grid.path("i").asString())
                        .isEqualTo(panel.path("panelIndex").asString());
                assertThat(panel.path("version").asString()).isEqualTo(version);
                int right = grid.path("x").asInt() + grid.path("w").asInt();
                assertThat(right).isLessThanOrEqualTo(GRID_COLUMNS);
                IntStream.range(grid.path("x").asInt(), right).forEach(x -> IntStream.range(
                                grid.path("y").asInt(),
                                grid.path("y").asInt() + grid.path("h").asInt())
                        .forEach(y -> assertThat(cells.add(x + " " + y))
                                .as("%s: %s", dashboard.path("id"), grid)
                                .isTrue()));
            }
        });
    }

    /** An import answers 200 even if it took nothing. */
    @Test
    void the_import_waits_sends_the_objects_and_believes_only_what_it_is_told() throws Exception {
        int all = objects.all().size();
        Imported good = importInto("{\"successCount\":%d,\"success\":true,\"warnings\":[]}".formatted(all));
        assertThat(good.status()).as(good.output()).isZero();
        assertThat(good.output()).contains("Imported " + all + " objects");
        assertThat(good.sent())
                .contains("kbn-xsrf: daybook", "Authorization: ApiKey secret")
                .contains(Files.readString(SavedObjects.FILE));

        Imported bad = importInto(
                "{\"successCount\":3,\"success\":false,\"errors\":[{\"id\":\"a\",\"error\":{\"type\":\"missing_references\"}}]}");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.output()).contains("took 3 of " + all, "missing_references");

        assertThat(importInto("{\"successCount\":1,\"success\":true}").status()).isEqualTo(1);
        assertThat(importInto("Kibana server is not ready yet").status()).isEqualTo(1);
    }

    private record Imported(int status, String output, String sent) {}

    /** Runs the import against a server that first is not ready, and then answers so. */
    private static Imported importInto(String answer) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StringBuilder sent = new StringBuilder();
        int[] asked = {0};
        server.createContext("/api/status", exchange -> {
            exchange.sendResponseHeaders(asked[0]++ == 0 ? 503 : 200, -1);
            exchange.close();
        });
        server.createContext("/api/saved_objects/_import", exchange -> {
            exchange.getRequestHeaders()
                    .forEach((name, values) -> sent.append(name.equals("Kbn-xsrf") ? "kbn-xsrf" : name)
                            .append(": ")
                            .append(values.getFirst())
                            .append('\n'));
            sent.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            ProcessBuilder script = new ProcessBuilder(
                            SavedObjects.FILE.resolveSibling("import").toString(),
                            "http://127.0.0.1:" + server.getAddress().getPort())
                    .redirectErrorStream(true);
            script.environment().put("KIBANA_API_KEY", "secret");
            Process process = script.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Imported(process.waitFor(), output, sent.toString());
        } finally {
            server.stop(0);
        }
    }
}
