package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is served as the contract is one, is complete, and is what really happens. */
@ExtendWith(SharedInstallation.class)
class OpenApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LEDGER = "/v1/ledgers/{ledger}";
    private static final String NAME = "contract";
    private static final String TRANSACTION = "0c000000-0000-4000-8000-000000000001";
    private static final String HOLD = "0c000000-0000-4000-8000-000000000002";
    private static final String OTHER_HOLD = "0c000000-0000-4000-8000-000000000003";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String POSTINGS =
            "\"postings\":[{\"source\":\"world\",\"destination\":\"users:1\",\"asset\":\"USD/2\",\"amount\":%s}]";

    private final TestInstallation daybook;
    private final JsonNode document;
    private final Set<String> succeeded = new TreeSet<>();
    private final Set<String> failed = new TreeSet<>();

    OpenApiIT(TestInstallation daybook) throws Exception {
        this.daybook = daybook;
        this.document = JSON.readTree(daybook.send("GET", "/openapi", "", "Accept", "application/json")
                .body());
    }

    @Test
    void it_is_an_openapi_document() {
        HttpResponse<String> yaml = daybook.send("GET", "/openapi", "", "Accept", "*/*");
        assertThat(yaml.headers().firstValue("Content-Type")).hasValue("application/yaml;charset=UTF-8");
        assertThat(yaml.body()).startsWith("openapi: 3.1.0");
        assertThat(new OpenAPIV3Parser().readContents(yaml.body()).getMessages())
                .isEmpty();
        for (String unknown : new String[] {"image/png", "nothing"}) {
            assertThat(daybook.send("GET", "/openapi", "", "Accept", unknown).statusCode())
                    .as(unknown)
                    .isEqualTo(406);
        }
    }

    @Test
    void a_browser_gets_a_page_whose_parts_are_all_there() {
        HttpResponse<String> page =
                daybook.send("GET", "/openapi", "", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        Set<String> parts = Stream.of(page.body().split("\""))
                .filter(text -> text.startsWith("webjars/"))
                .collect(Collectors.toSet());
        assertThat(parts).hasSize(3).allSatisfy(part -> {
            HttpResponse<String> answer = daybook.send("GET", "/" + part, "", "Accept", "*/*");
            assertThat(answer.statusCode()).as(part).isEqualTo(200);
            assertThat(answer.body()).isNotEmpty();
        });
    }

    @Test
    void it_has_every_call_that_there_is_and_no_other() throws Exception {
        Set<String> documented = new TreeSet<>();
        document.path("paths").fields().forEachRemaining(path -> operations(path.getValue())
                .forEach((method, operation) -> documented.add(method + " " + path.getKey())));

        Set<String> served = new TreeSet<>();
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
        for (BeanDefinition controller : scanner.findCandidateComponents("io.daybook")) {
            Arrays.stream(Class.forName(controller.getBeanClassName()).getDeclaredMethods())
                    .map(method -> AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class))
                    .filter(mapping -> mapping != null && mapping.path()[0].startsWith("/v1"))
                    .forEach(mapping -> served.add(mapping.method()[0] + " " + mapping.path()[0]));
        }

        assertThat(served).hasSizeGreaterThan(20).isEqualTo(documented);
    }

    @Test
    void every_call_is_asked_and_answered_as_it_says() throws Exception {
        call("PUT", LEDGER, "{\"metadata\":{\"a\":\"b\"}}", 201);
        call("PUT", LEDGER, "{\"metadata\":{\"a\":\"b\"}}", 200);
        call("PUT", LEDGER, "{\"region\":\"elsewhere\"}", 409);
        call("PUT", LEDGER, "{\"metadata\":{\"a\":\"c\"}}", 409);
        call("PATCH", LEDGER + "/metadata", "{\"a\":null,\"c\":\"d\"}", 200);
        call(
                "PUT",
                LEDGER + "/accounts/users:2",
                "{\"overdraft\":{\"USD/2\":\"5\"},\"limits\":{\"USD/2\":{\"min\":\"-5\",\"max\":100}},\"metadata\":{\"k\":\"v\"}}",
                201);
        call("PUT", LEDGER + "/accounts/users:2", "{\"overdraft\":\"unlimited\"}", 200);
        call("PATCH", LEDGER + "/accounts/users:2/metadata", "{\"k\":\"w\"}", 200);
        call("PATCH", LEDGER + "/accounts/nobody/metadata", "{\"k\":\"w\"}", 404);
        call(
                "POST",
                LEDGER + "/transactions",
                "{\"id\":\"" + TRANSACTION
                        + "\",\"reference\":\"r\",\"effectiveAt\":\"2026-01-01T00:00:00Z\",\"metadata\":{\"m\":\"n\"},"
                        + POSTINGS.formatted("\"1000\"") + "}",
                201);
        call("POST", LEDGER + "/transactions", "{\"reference\":\"r\"," + POSTINGS.formatted("1") + "}", 409);
        call(
                "POST",
                LEDGER + "/transactions",
                "{\"postings\":[{\"source\":\"users:1\",\"destination\":\"x\",\"asset\":\"USD/2\",\"amount\":\"1001\"}]}",
                422);
        call(
                "POST",
                LEDGER + "/transactions/batch",
                "{\"transactions\":[{" + POSTINGS.formatted("5")
                        + "},{\"postings\":[{\"source\":\"users:3\",\"destination\":\"x\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}]}",
                200);
        call("PATCH", LEDGER + "/transactions/" + TRANSACTION + "/metadata", "{\"m\":\"o\"}", 200);
        call(
                "POST",
                LEDGER + "/holds",
                "{\"id\":\"" + HOLD
                        + "\",\"source\":\"users:1\",\"destination\":\"x\",\"asset\":\"USD/2\",\"amount\":\"5\",\"expiresAt\":\"2999-01-01T00:00:00Z\"}",
                201);
        call("POST", LEDGER + "/holds/" + HOLD + "/capture", "{\"amount\":9}", 422);
        call("POST", LEDGER + "/holds/" + HOLD + "/capture", "{\"amount\":2,\"final\":true}", 201);
        call(
                "POST",
                LEDGER + "/holds",
                "{\"id\":\"" + OTHER_HOLD + "\",\"source\":\"users:1\",\"asset\":\"USD/2\",\"amount\":\"5\"}",
                201);
        call("POST", LEDGER + "/holds/" + OTHER_HOLD + "/void", "{}", 200);
        call("POST", LEDGER + "/holds/" + OTHER_HOLD + "/void", "{}", 409);
        HttpResponse<String> reversal = call(
                "POST",
                LEDGER + "/transactions/" + TRANSACTION + "/reversal",
                "{\"effectiveAt\":\"2026-01-02T00:00:00Z\",\"metadata\":{\"why\":\"because\"}}",
                201);
        call("POST", LEDGER + "/transactions/" + TRANSACTION + "/reversal", "{}", 409);
        HttpResponse<String> accepted =
                call("POST", LEDGER + "/transactions", "{" + POSTINGS.formatted("1") + "}", 202);
        call("GET", accepted.headers().firstValue("Location").orElseThrow(), "", 200);

        String sequence = reversal.headers().firstValue("Ledger-Sequence").orElseThrow();
        for (String query : new String[] {
            "",
            "/accounts?prefix=users:&limit=1",
            "/accounts/users:1",
            "/accounts/world",
            "/accounts/users:1/entries?order=desc",
            "/balances",
            "/transactions?account=users:1",
            "/transactions/" + TRANSACTION,
            "/holds?state=captured",
            "/holds/" + HOLD,
            "/events",
            "/accounts/users:1?at=2026-01-02T00:00:00Z&asOf=9"
        }) {
            get(LEDGER + query, sequence, 200);
        }
        HttpResponse<String> unchanged = daybook.send(
                "PUT",
                LEDGER.replace("{ledger}", NAME),
                "{}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "k");
        assertThat(unchanged.statusCode()).as(unchanged.body()).isEqualTo(200);
        daybook.send(
                "POST",
                LEDGER.replace("{ledger}", NAME) + "/transactions/batch",
                "{\"transactions\":[{\"id\":\"" + TRANSACTION + "\"," + POSTINGS.formatted("7") + "},{"
                        + POSTINGS.formatted("7") + "}]}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "l");
        assertThat(get(LEDGER + "/keyed-commands", "0", 200).body())
                .contains("\"remembered\":{\"type\"", "\"remembered\":{}");
        get(LEDGER + "/keyed-commands?cursor=x", "0", 400);
        get(LEDGER + "/transactions/" + HOLD, sequence, 404);
        get(LEDGER + "/accounts?limit=0", sequence, 400);
        get(LEDGER.replace("{ledger}", "nowhere"), "0", 404);
        get("/v1/ledgers", "0", 200);
        get("/v1/audit?q=" + NAME, "0", 200);
        get("/v1/audit?kind=request", "0", 200);
        get("/v1/projections", "0", 200);
        get("/v1/projections?ledger=" + NAME, "0", 200);
        call("HEAD", LEDGER + "/stream", "", 200);
        importCopy();
        operate();

        Set<String> all = new TreeSet<>();
        document.path("paths").forEach(path -> operations(path)
                .forEach((method, operation) ->
                        all.add(operation.path("operationId").asText())));
        assertThat(succeeded).isEqualTo(all);
        assertThat(failed).hasSizeGreaterThan(8);
    }

    /** What is there already is taken again. */
    private void importCopy() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (JsonNode event : JSON.readTree(daybook.get(LEDGER.replace("{ledger}", NAME) + "/events?limit=2")
                        .toString())
                .path("data")) {
            lines.append(((ObjectNode) event).put("ledger", NAME)).append('\n');
        }
        call("POST", LEDGER + "/events?complete=true", lines.toString(), 200);
    }

    private void operate() throws Exception {
        String replays = "/v1/operations/replays";
        call("POST", replays, "{\"projection\":\"books\",\"ledger\":\"nowhere\"}", 404);
        call("POST", replays, "{\"projection\":\"books\",\"parallel\":13}", 400);
        String ledgers = location(call(
                "POST", replays, "{\"projection\":\"all\",\"source\":\"store\",\"ledger\":\"" + NAME + "\"}", 202));
        awaitOver(ledgers);
        get(ledgers + "/ledgers?limit=2", "0", 200);
        String dryRun =
                location(call("POST", replays, "{\"projection\":\"audit\",\"dryRun\":true,\"parallel\":1}", 202));
        call("POST", replays, "{\"projection\":\"audit\"}", 409);
        call("PATCH", dryRun, "{\"action\":\"discard\",\"projection\":\"audit\"}", 200);
        awaitOver(dryRun);
        call("PATCH", dryRun, "{\"action\":\"resume\"}", 409);
        get(replays + "?projection=audit", "0", 200);

        String republications = "/v1/operations/republications";
        await().atMost(SOON).until(() -> isPaused(republications));
        String republication = location(get(republications, "0", 200));
        call("PATCH", republication, "{\"action\":\"resume\"}", 200);
        awaitOver(republication);
        call("PATCH", republication, "{\"action\":\"pause\"}", 409);
    }

    /** It may be over before it can be paused. */
    private boolean isPaused(String republications) throws Exception {
        String location = location(call("POST", republications, "{\"force\":false}", 202));
        HttpResponse<String> paused =
                daybook.send("PATCH", location, "{\"action\":\"pause\"}", "Content-Type", "application/json");
        if (paused.statusCode() == 200) {
            check("PATCH", location, "{\"action\":\"pause\"}", 200, paused);
            return true;
        }
        awaitOver(location);
        return false;
    }

    /** Where what was asked for is found; of a list, its first. */
    private static String location(HttpResponse<String> answer) throws Exception {
        JsonNode resource = JSON.readTree(answer.body());
        String list = answer.request().uri().getPath();
        String id = resource.path("data").isArray()
                ? resource.at("/data/0/id").asText()
                : resource.path("id").asText();
        answer.headers().firstValue("Location").ifPresent(location -> assertThat(location)
                .isEqualTo(list + "/" + id));
        return list + "/" + id;
    }

    private void awaitOver(String location) {
        await().atMost(SOON).until(() -> {
            JsonNode now = JSON.readTree(get(location, "0", 200).body());
            boolean isAsked = now.path("parts").findValue("action") != null;
            return !isAsked
                    && Set.of("done", "discarded", "swapped")
                            .contains(now.path("state").asText());
        });
    }

    private HttpResponse<String> get(String path, String least, int status) throws Exception {
        return check(
                "GET",
                path,
                "",
                status,
                daybook.send("GET", path.replace("{ledger}", NAME), "", "Min-Ledger-Sequence", least));
    }

    private HttpResponse<String> call(String method, String path, String body, int status) throws Exception {
        boolean isImport = path.contains("/events?complete");
        HttpResponse<String> answer = daybook.send(
                method,
                path.replace("{ledger}", NAME),
                body,
                "Content-Type",
                isImport ? "application/x-ndjson" : "application/json",
                "Prefer",
                status == 202 ? "respond-async" : "none");
        return check(method, path, isImport ? "" : body, status, answer);
    }

    private HttpResponse<String> check(String method, String path, String body, int status, HttpResponse<String> answer)
            throws Exception {
        String what = method + " " + path + " " + body + " → " + answer.body();
        assertThat(answer.statusCode()).as(what).isEqualTo(status);
        JsonNode operation = operation(method, path.replaceFirst("\\?.*", ""));
        (status < 400 ? succeeded : failed).add(operation.path("operationId").asText());
        if (!body.isEmpty() && status != 400) {
            JsonNode requested = resolved(operation.path("requestBody")).at("/content/application~1json/schema");
            assertConforms(what, requested, body);
        }
        JsonNode response = resolved(
                operation.path("responses").has("" + status)
                        ? operation.path("responses").path("" + status)
                        : operation.path("responses").path(status < 400 ? "undocumented" : "default"));
        assertThat(response.isMissingNode()).as(what).isFalse();
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode()).as("%s as %s", what, type).isFalse();
        if (!method.equals("HEAD")) {
            assertConforms(what, content.path("schema"), answer.body());
        }
        return answer;
    }

    private JsonNode operation(String method, String path) {
        String read = method.equals("HEAD") ? "GET" : method;
        for (Iterator<Map.Entry<String, JsonNode>> paths =
                        document.path("paths").fields();
                paths.hasNext(); ) {
            Map.Entry<String, JsonNode> candidate = paths.next();
            String pattern = candidate.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
            JsonNode operation = operations(candidate.getValue()).get(read);
            boolean isLiteral = !candidate.getKey().endsWith("}") || !path.endsWith("/batch");
            if (operation != null && path.matches(pattern) && isLiteral) {
                return operation;
            }
        }
        throw new AssertionError("not in the document: " + method + " " + path);
    }

    private static Map<String, JsonNode> operations(JsonNode path) {
        Map<String, JsonNode> operations = new TreeMap<>();
        path.fields().forEachRemaining(member -> {
            if (!member.getKey().equals("parameters")) {
                operations.put(member.getKey().toUpperCase(Locale.ROOT), member.getValue());
            }
        });
        return operations;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void assertConforms(String what, JsonNode schema, String json) throws Exception {
        ObjectNode root = schema.deepCopy();
        root.set("components", document.path("components"));
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                root,
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build())
                        .validate(JSON.readTree(json)))
                .as(what)
                .isEmpty();
    }
}
