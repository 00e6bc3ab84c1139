package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, the alerts and the page about metrics speak of metrics that there are. */
@ExtendWith(SharedInstallation.class)
class MetricsIT {

    private static final Path INFRA = TestInstallation.HOME.resolve("infra");
    private static final Path RULES = INFRA.resolve("prometheus/daybook-rules.yml");
    private static final Path PAGE = TestInstallation.HOME.resolve("docs/operating/metrics.md");
    private static final String LEDGER = "/v1/ledgers/metrics";
    private static final Duration SOON = Duration.ofSeconds(90);

    /** What Prometheus itself adds to whatever it reads. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("instance", "job");

    private static final Set<String> METRICS_OF_PROMETHEUS = Set.of("up");

    /** What the name of a histogram's or a timer's parts end with; a page tells of the whole. */
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum|max)$");

    private final TestInstallation daybook;

    MetricsIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    @BeforeAll
    static void traffic(TestInstallation daybook) {
        daybook.send("PUT", LEDGER, "");
        for (int i = 0; i < 2; i++) {
            post(daybook, "world");
        }
        assertThat(post(daybook, "nobody").statusCode()).isEqualTo(422);
        daybook.get(LEDGER + "/accounts/users:1", "Min-Ledger-Sequence", "2");
        await().atMost(SOON).untilAsserted(() -> {
            String metrics = metrics(daybook);
            for (String projection : List.of("audit", "balances", "books")) {
                assertThat(Exposition.value(
                                metrics, "daybook_projection_events_total{projection=\"" + projection + "\"}"))
                        .isPositive();
            }
            for (String store : List.of("event-store", "books", "redis", "elasticsearch")) {
                assertThat(Exposition.value(metrics, "daybook_store_bytes{store=\"" + store + "\"}"))
                        .isPositive();
            }
            assertThat(Exposition.value(metrics, "daybook_publication_lag_events"))
                    .isZero();
        });
    }

    private static HttpResponse<String> post(TestInstallation daybook, String source) {
        return daybook.send(
                "POST",
                LEDGER + "/transactions",
                "{\"postings\":[{\"source\":\"" + source
                        + "\",\"destination\":\"users:1\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "metrics-" + source);
    }

    private static String metrics(TestInstallation daybook) {
        HttpResponse<String> answer = daybook.send("GET", "/metrics", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** The expressions of every panel, as the dashboard asks them for all instances. */
    private static List<String> dashboard() throws Exception {
        List<String> expressions = new ArrayList<>();
        JsonNode dashboard = JsonMapper.shared().readTree(INFRA.resolve("grafana/daybook.json"));
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr")
                        .asString()
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "1m"));
            }
        }
        assertThat(expressions).hasSizeGreaterThan(30);
        return expressions;
    }

    /** The expressions of all alerts, each of which says what to do. */
    private static List<String> alerts() throws Exception {
        List<String> expressions = new ArrayList<>();
        Map<?, ?> file = new Yaml().load(Files.readString(RULES));
        for (Object group : (List<?>) file.get("groups")) {
            for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
                Map<?, ?> alert = (Map<?, ?>) rule;
                assertThat((String) ((Map<?, ?>) alert.get("annotations")).get("summary"))
                        .as("%s", alert.get("alert"))
                        .hasSizeGreaterThan(80);
                expressions.add((String) alert.get("expr"));
            }
        }
        assertThat(expressions).hasSizeGreaterThan(10);
        return expressions;
    }

    @Test
    void commands_are_counted_by_what_came_of_them() {
        String metrics = metrics(daybook);
        Map.of("accepted", "none", "repeated", "none", "refused", "insufficient-funds")
                .forEach((outcome, code) -> assertThat(Exposition.value(
                                metrics, "daybook_commands_total{code=\"" + code + "\",outcome=\"" + outcome + "\"}"))
                        .as(outcome)
                        .isPositive());
    }

    @Test
    void every_metric_and_label_of_the_dashboard_and_the_alerts_is_there() throws Exception {
        Exposition exposed = Exposition.read(metrics(daybook));
        List<String> expressions = new ArrayList<>(dashboard());
        expressions.addAll(alerts());
        for (String expression : expressions) {
            PromQl read = PromQl.read(expression);
            assertThat(read.selectors()).as(expression).isNotEmpty();
            Set<String> known = new TreeSet<>(LABELS_OF_PROMETHEUS);
            for (PromQl.Selector selector : read.selectors()) {
                if (METRICS_OF_PROMETHEUS.contains(selector.metric())) {
                    continue;
                }
                assertThat(exposed.labels()).as(expression).containsKey(selector.metric());
                Map<String, Set<String>> labels = exposed.labels().get(selector.metric());
                known.addAll(labels.keySet());
                selector.matchers().forEach((label, value) -> {
                    if (!LABELS_OF_PROMETHEUS.contains(label)) {
                        assertThat(labels).as(expression).containsKey(label);
                        if (value != null) {
                            assertThat(labels.get(label)).as(expression).contains(value);
                        }
                    }
                });
            }
            assertThat(known).as(expression).containsAll(read.grouping());
        }
    }

    @Test
    void prometheus_evaluates_every_expression(@TempDir Path folder) throws Exception {
        Prometheus.assumeInstalled();
        Prometheus.promtool("check", "rules", RULES.toString());
        Prometheus.promtool(
                "check", "config", INFRA.resolve("prometheus/prometheus.yml").toString());
        Prometheus.promtool(
                "test",
                "rules",
                INFRA.resolve("prometheus/daybook-rules-test.yml").toString());
        try (Prometheus prometheus = Prometheus.reading(daybook.port(), RULES, folder)) {
            for (String expression : dashboard()) {
                assertThat(prometheus.query(expression)).as(expression).isNotEmpty();
            }
            assertThat(prometheus.rules()).hasSize(alerts().size());
            for (JsonNode rule : prometheus.rules()) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(rule.path("health").asString())
                                .as("%s", rule)
                                .isEqualTo("ok"));
            }
        }
    }

    @Test
    void the_page_tells_of_every_metric_of_ours_and_of_no_other() throws Exception {
        Set<String> told = Pattern.compile("`(daybook_[a-z_]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> exposed = Exposition.read(metrics(daybook)).labels().keySet().stream()
                .filter(name -> name.startsWith("daybook_"))
                .map(name -> PART.matcher(name).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told).isEqualTo(exposed);
    }

    @Test
    void no_metric_has_a_ledger_or_an_account_as_its_label() {
        String metrics = metrics(daybook);
        assertThat(metrics).doesNotContain("users:1").doesNotContain("=\"metrics\"");
    }

    @Test
    void health_is_told_and_nothing_else_of_the_application() {
        assertThat(daybook.get("/health").path("status").asString()).isEqualTo("UP");
        assertThat(daybook.get("/health/liveness").path("status").asString()).isEqualTo("UP");
        assertThat(daybook.get("/health/readiness").path("status").asString()).isEqualTo("UP");
        for (String path : List.of("/", "/actuator", "/env", "/heapdump", "/beans", "/loggers", "/prometheus")) {
            assertThat(daybook.send("GET", path, "").statusCode()).as(path).isEqualTo(404);
        }
    }
}
