package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.daybook.acceptance.SavedObjects.Question;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event explorer. There is no Kibana here, so what its panels ask is asked of Elasticsearch, which the projections have
 * filled with a part of the sample and some of everything else; what they find is held against what was recorded.
 */
@ExtendWith(SharedInstallation.class)
class KibanaIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LEDGER = "explored";
    private static final String BANK = "explored-bank";
    private static final String PARKED = "explored-parked";
    private static final List<String> LEDGERS = List.of(LEDGER, BANK, PARKED);
    private static final Map<String, Long> REFUSALS = Map.of(
            "insufficient-funds", 2L,
            "account-closed", 1L,
            "already-reversed", 1L,
            "malformed-request", 1L,
            "account-not-found", 1L);

    /** How many transactions of the sample. */
    private static final int SAMPLE = 4_000;

    /** Three posted, one of two assets, one reversed, one captured; and one that is parked. */
    private static final int TRANSACTIONS = SAMPLE + 7;

    /** Three posted, a part of a hold, and one that is parked. What moves two assets, and its reversal, are not in it. */
    private static final double DOLLARS = 3.00 + 0.30 + 1.00;

    private static final int AMOUNT_COLUMN = 5;
    private static final String PROJECTIONS = "daybook-projections";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int GRID_COLUMNS = 48;

    /** The koruna that the part of the sample moves. */
    private static BigDecimal koruna = BigDecimal.ZERO;

    private final TestInstallation daybook;
    private final SavedObjects objects;

    KibanaIT(TestInstallation daybook) throws Exception {
        this.daybook = daybook;
        this.objects = SavedObjects.read();
    }

    @BeforeAll
    static void fill(TestInstallation daybook) throws Exception {
        importSample(daybook);
        int requests = sendSomeOfEverything(daybook);
        requests += park(daybook);
        String asked = "{\"query\":{\"terms\":{\"daybook.ledger\":[\"%s\",\"%s\"]}}}".formatted(LEDGER, PARKED);
        int expected = requests;
        long recorded = recorded(daybook);
        await().atMost(SOON).ignoreException(AssertionError.class).untilAsserted(() -> {
            assertThat(count(daybook, "daybook-events", ofLedgers())).isEqualTo(recorded);
            assertThat(count(daybook, "daybook-requests", asked)).isEqualTo(expected);
            assertThat(
                            count(
                                    daybook,
                                    PROJECTIONS,
                                    "{\"query\":{\"query_string\":{\"query\":\"event.action:status AND daybook.projection.parked:>0\"}}}"))
                    .isPositive();
        });
    }

    private static void importSample(TestInstallation daybook) throws Exception {
        Path part = SharedInstallation.folder(daybook).resolve("berka.csv");
        try (BufferedReader sample = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(
                                Files.newInputStream(TestInstallation.HOME.resolve("samples/berka-1993.csv.gz"))),
                        StandardCharsets.UTF_8));
                BufferedWriter lines = Files.newBufferedWriter(part)) {
            lines.write(sample.readLine() + "\n");
            for (int i = 0; i < SAMPLE; i++) {
                String line = sample.readLine();
                koruna = koruna.add(new BigDecimal(line.split(";")[AMOUNT_COLUMN]));
                lines.write(line + "\n");
            }
        }
        daybook.daybook("import", "berka", part.toString(), "--ledger", BANK).successfully();
    }

    /**
     * Every kind of event, and every way to be refused.
     *
     * @return how many requests it took
     */
    private static int sendSomeOfEverything(TestInstallation daybook) {
        Requests requests = new Requests(daybook, LEDGER);
        requests.send(201, "PUT", "", "");
        requests.send(201, "PUT", "/accounts/gone", "{\"closed\":true}");
        for (int i = 0; i < 3; i++) {
            requests.send(201, "POST", "/transactions", posting("world", "users:" + i, "USD/2", 100));
        }
        String reversed = UUID.randomUUID().toString();
        requests.send(
                201,
                "POST",
                "/transactions",
                "{\"id\":\"%s\",\"postings\":[%s,%s]}"
                        .formatted(
                                reversed,
                                posted("world", "users:1", "USD/2", 100),
                                posted("world", "users:1", "POINTS", 5)));
        requests.send(201, "POST", "/transactions/" + reversed + "/reversal", "{}");
        requests.send(409, "POST", "/transactions/" + reversed + "/reversal", "{}");
        for (String end : List.of("capture", "void")) {
            String hold = UUID.randomUUID().toString();
            requests.send(
                    201,
                    "POST",
                    "/holds",
                    "{\"id\":\"%s\",\"source\":\"users:0\",\"destination\":\"shop\",\"asset\":\"USD/2\",\"amount\":\"50\"}"
                            .formatted(hold));
            boolean captures = end.equals("capture");
            requests.send(
                    captures ? 201 : 200,
                    "POST",
                    "/holds/" + hold + "/" + end,
                    captures ? "{\"amount\":\"30\"}" : "{}");
        }
        requests.send(200, "PATCH", "/metadata", "{\"explored\":\"yes\"}");
        requests.send(422, "POST", "/transactions", posting("nobody", "users:1", "USD/2", 1));
        requests.send(422, "POST", "/transactions", posting("nobody", "users:1", "USD/2", 1));
        requests.send(422, "POST", "/transactions", posting("world", "gone", "USD/2", 1));
        requests.send(400, "POST", "/transactions", "{");
        requests.send(200, "GET", "/accounts/users:1", "", "Min-Ledger-Sequence", "3");
        requests.send(404, "GET", "/accounts/nobody-ever", "", "Accept", "application/json");
        return requests.sent;
    }

    /** What is in the way of an account in Redis has its ledger parked. */
    private static int park(TestInstallation daybook) {
        redis(
                daybook,
                redis -> redis.set(RedisReader.accounts(redis, PARKED) + "users:1", "what does not belong there"));
        Requests requests = new Requests(daybook, PARKED);
        requests.send(201, "PUT", "", "");
        requests.send(201, "POST", "/transactions", posting("world", "users:1", "USD/2", 100));
        await().atMost(SOON).until(() -> parked(daybook) == 1);
        return requests.sent;
    }

    @AfterAll
    static void heal(TestInstallation daybook) throws Exception {
        redis(daybook, redis -> redis.del(RedisReader.accounts(redis, PARKED) + "users:1"));
        daybook.daybook("replay", "balances", "--ledger", PARKED).successfully();
        await().atMost(SOON).until(() -> parked(daybook) == 0);
    }

    private static void redis(TestInstallation daybook, Consumer<RedisCommands<String, String>> change) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + daybook.port("redis") + "/0");
        try (var connection = client.connect()) {
            change.accept(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private static long parked(TestInstallation daybook) {
        return daybook.get("/v1/projections")
                .path("data")
                .valueStream()
                .filter(projection -> projection.path("name").asString().equals("balances"))
                .mapToLong(projection -> projection.path("parked").asLong())
                .sum();
    }

    private static String posting(String source, String destination, String asset, int amount) {
        return "{\"postings\":[" + posted(source, destination, asset, amount) + "]}";
    }

    private static String posted(String source, String destination, String asset, int amount) {
        return "{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"%s\",\"amount\":\"%d\"}"
                .formatted(source, destination, asset, amount);
    }

    /** Requests about one ledger, counted. */
    private static final class Requests {

        private final TestInstallation daybook;
        private final String ledger;
        private int sent;

        Requests(TestInstallation daybook, String ledger) {
            this.daybook = daybook;
            this.ledger = ledger;
        }

        void send(int status, String method, String path, String body, String... headers) {
            sent++;
            HttpResponse<String> answer = daybook.send(method, "/v1/ledgers/" + ledger + path, body, headers);
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isEqualTo(status);
        }
    }

    /** What the event store says of these ledgers' events, by something. */
    private static Map<String, Long> recorded(TestInstallation daybook, String by) throws Exception {
        try (Connection journal = daybook.postgres("event-store");
                ResultSet rows = journal.createStatement()
                        .executeQuery("select %s, count(*) from event where ledger in ('%s') group by 1"
                                .formatted(by, String.join("','", LEDGERS)))) {
            Map<String, Long> counts = new TreeMap<>();
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
            return counts;
        }
    }

    private static long recorded(TestInstallation daybook) throws Exception {
        return recorded(daybook, "ledger").values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String ofLedgers() {
        return "{\"query\":{\"terms\":{\"daybook.ledger\":[\"" + String.join("\",\"", LEDGERS) + "\"]}}}";
    }

    private static long count(TestInstallation daybook, String index, String body) {
        return elasticsearch(daybook, index + "/_count", body).path("count").asLong();
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
        return Stream.concat(searches(), panels()).toList();
    }

    private Stream<Question> searches() {
        return objects.of("search").stream().map(objects::question);
    }

    private Stream<Question> panels() {
        return objects.of("lens").stream().flatMap(lens -> objects.questions(lens).stream());
    }

    /** Asks what a search or a panel asks, of this test's own ledgers; what projections tell of themselves is of all. */
    private JsonNode ask(Question question) {
        ObjectNode body = question.body().deepCopy();
        if (!question.index().equals(PROJECTIONS)) {
            JsonNode asked = body.path("query").deepCopy();
            ((ObjectNode) body.putObject("query"))
                    .putObject("bool")
                    .putArray("filter")
                    .add(asked)
                    .add(JSON.readTree(ofLedgers()).path("query"));
        }
        return elasticsearch(daybook, question.index() + "/_search", body.toString());
    }

    private JsonNode ask(Stream<Question> questions, String title) {
        return ask(questions
                .filter(question -> question.title().equals("Daybook: " + title))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void what_each_search_and_panel_asks_finds_something() {
        assertThat(questions()).hasSizeGreaterThan(15).allSatisfy(question -> {
            JsonNode answer = ask(question);
            assertThat(answer.at("/hits/total/value").asInt())
                    .as("%s: %s", question.title(), question.body())
                    .isPositive();
            assertFilled(question, question.body().path("aggs"), answer.path("aggregations"));
        });
    }

    /** Every bucket aggregation has a bucket, and every metric a number, which is not zero in all of them. */
    private static void assertFilled(Question question, JsonNode asked, JsonNode answered) {
        for (String name : asked.propertyNames()) {
            if (asked.path(name).has("terms") || asked.path(name).has("date_histogram")) {
                JsonNode buckets = answered.path(name).path("buckets");
                assertThat(buckets)
                        .as("%s, %s: %s", question.title(), name, answered)
                        .isNotEmpty();
                JsonNode inside = asked.path(name).path("aggs");
                buckets.forEach(bucket -> assertFilled(question, inside, bucket));
                for (String metric : inside.propertyNames()) {
                    if (!question.index().equals(PROJECTIONS)
                            && !inside.path(metric).has("date_histogram")
                            && !inside.path(metric).has("terms")) {
                        assertThat(buckets.valueStream()
                                        .mapToDouble(bucket -> number(bucket.path(metric)))
                                        .sum())
                                .as("%s, %s", question.title(), metric)
                                .isPositive();
                    }
                }
            } else {
                assertThat(number(answered.path(name)))
                        .as("%s, %s: %s", question.title(), name, answered)
                        .isNotNaN();
            }
        }
    }

    /** Of a metric. */
    private static double number(JsonNode metric) {
        JsonNode value = metric.has("values")
                ? metric.path("values").iterator().next()
                : metric.has("value") ? metric.path("value") : metric.path("doc_count");
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }

    /** What a panel draws for each of its outermost buckets, added up over those inside. */
    private Map<String, Double> drawn(String title, String by, String metric) {
        Map<String, Double> drawn = new TreeMap<>();
        for (JsonNode bucket : ask(panels(), title).at("/aggregations/" + by + "/buckets")) {
            drawn.put(bucket.path("key").asString(), added(bucket, metric));
        }
        return drawn;
    }

    private static double added(JsonNode bucket, String metric) {
        List<JsonNode> inside = bucket.valueStream()
                .filter(value -> value.has("buckets"))
                .flatMap(value -> value.path("buckets").valueStream())
                .toList();
        return inside.isEmpty()
                ? number(bucket.path(metric))
                : inside.stream().mapToDouble(each -> added(each, metric)).sum();
    }

    private static Map<String, Double> doubles(Map<String, Long> counts) {
        Map<String, Double> doubles = new TreeMap<>();
        counts.forEach((name, count) -> doubles.put(name, count.doubleValue()));
        return doubles;
    }

    @Test
    void panels_draw_what_was_recorded() throws Exception {
        Map<String, Double> moved = drawn("money moved by asset", "asset", "moved");
        assertThat(moved).containsOnlyKeys("CZK/2", "USD/2");
        assertThat(moved.get("CZK/2")).isCloseTo(koruna.doubleValue(), within(0.001));
        assertThat(moved.get("USD/2")).isCloseTo(DOLLARS, within(0.001));
        assertThat(added(ask(panels(), "transactions a second").path("aggregations"), "transactions"))
                .isEqualTo(TRANSACTIONS);
        assertThat(drawn("events by type", "type", "events")).hasSize(8).isEqualTo(doubles(recorded(daybook, "type")));
        assertThat(number(ask(panels(), "events").at("/aggregations/events"))).isEqualTo(recorded(daybook));
        assertThat(number(ask(panels(), "ledgers in use").at("/aggregations/ledgers")))
                .isEqualTo(LEDGERS.size());
        assertThat(drawn("busiest ledgers", "ledger", "events")).isEqualTo(doubles(recorded(daybook, "ledger")));
        // In the file, and once each to be allowed to go below zero.
        assertThat(drawn("busiest accounts", "account", "events"))
                .containsEntry("bank:cash", 2_355.0 + 1)
                .containsEntry("bank:interest", 918.0 + 1);
    }

    @Test
    void panels_draw_what_was_asked_and_refused() {
        assertThat(drawn("refusals by code", "code", "refusals")).isEqualTo(doubles(REFUSALS));
        assertThat(drawn("requests by status", "status", "requests"))
                .containsEntry("400", 1.0)
                .containsEntry("404", 1.0)
                .containsEntry("409", 1.0)
                .containsEntry("422", 3.0)
                .containsKeys("200", "201");
        assertThat(drawn("callers", "caller", "refusals"))
                .containsEntry("anonymous", 6.0)
                .hasSize(2);
        assertThat(drawn("latency", "action", "median")).containsOnlyKeys("command", "query");
        assertThat(drawn("slowest routes", "route", "requests"))
                .containsEntry("/v1/ledgers/{ledger}/transactions/{id}/reversal", 2.0);
        assertThat(ask(searches(), "refused requests").at("/hits/total/value").asInt())
                .isEqualTo(6);
    }

    @Test
    void the_ledger_that_is_parked_is_found_with_the_reason() {
        assertThat(drawn("projections", "projection", "parked")).containsOnlyKeys("audit", "balances", "books");
        assertThat(drawn("projections", "projection", "parked").get("balances")).isPositive();
        JsonNode newest = ask(searches(), "parked ledgers").at("/hits/hits/0/_source");
        assertThat(newest.at("/event/action").asString()).isEqualTo("parked");
        assertThat(newest.at("/daybook/ledger").asString()).isEqualTo(PARKED);
        assertThat(newest.at("/daybook/projection/name").asString()).isEqualTo("balances");
        assertThat(newest.at("/daybook/sequence").asLong()).isEqualTo(2);
        assertThat(newest.path("message").asString())
                .contains("WRONGTYPE", "./daybook replay balances --ledger " + PARKED);
    }

    @Test
    void the_timeline_of_a_ledger_is_in_the_order_of_its_journal() {
        JsonNode sequences = ask(searches(), "timeline of a ledger").at("/hits/hits");
        assertThat(sequences.valueStream().map(hit -> hit.at("/_source/event/sequence")
                        .asLong()))
                .hasSize(10)
                .isSortedAccordingTo(Comparator.reverseOrder());
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
}
