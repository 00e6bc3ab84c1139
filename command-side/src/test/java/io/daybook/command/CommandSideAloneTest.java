package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.messages.EventsTopic;
import io.daybook.services.Cable;
import io.daybook.services.SharedServices;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.ReleaseBefore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command side by its main class, with nothing up but an event store and Kafka. */
class CommandSideAloneTest {

    private static final String NOBODY = "redis://127.0.0.1:1";

    private final SharedServices.Isolated services = SharedServices.get().isolated();

    private Map<String, Object> arguments() {
        Map<String, Object> properties = new HashMap<>();
        for (String property : new String[] {
            "daybook.event-store.jdbc-url",
            "daybook.event-store.username",
            "daybook.event-store.password",
            "daybook.kafka.bootstrap-servers",
            "daybook.kafka.topic-prefix"
        }) {
            properties.put(property, services.get(property));
        }
        properties.put("daybook.redis.uri", NOBODY);
        properties.put("server.port", "0");
        return properties;
    }

    private ConfigurableApplicationContext start(Map<String, String> others) {
        Map<String, Object> properties = new HashMap<>(arguments());
        properties.putAll(others);
        return new SpringApplicationBuilder(CommandSide.class)
                .properties(properties)
                .run();
    }

    private static HttpResponse<String> send(ConfigurableApplicationContext side, String method, String path)
            throws Exception {
        return send(side, method, path, "{}");
    }

    private static HttpResponse<String> send(
            ConfigurableApplicationContext side, String method, String path, String body) throws Exception {
        int port = ((WebServerApplicationContext) side).getWebServer().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("Content-Type", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode stores(HttpResponse<String> readiness) {
        return JsonMapper.shared().readTree(readiness.body()).at("/components/stores/components");
    }

    @Test
    void it_answers_health_and_commands_and_says_which_store_is_missing() throws Exception {
        URI eventStore = URI.create(services.get("daybook.event-store.jdbc-url").substring("jdbc:".length()));
        try (Cable cable = new Cable(eventStore.getPort());
                var side = start(Map.of(
                        "daybook.event-store.jdbc-url",
                        "jdbc:postgresql://127.0.0.1:" + cable.port() + eventStore.getPath()
                                + (eventStore.getQuery() == null ? "" : "?" + eventStore.getQuery()),
                        "daybook.commands.connection-timeout",
                        "500ms"))) {
            assertThat(send(side, "GET", "/health/liveness").statusCode()).isEqualTo(200);
            assertThat(send(side, "PUT", "/v1/ledgers/alone").statusCode()).isEqualTo(201);

            HttpResponse<String> ready = send(side, "GET", "/health/readiness");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(JsonMapper.shared().readTree(ready.body()).path("status").asString())
                    .isEqualTo("DEGRADED");
            assertThat(stores(ready).at("/eventStore/status").asString()).isEqualTo("UP");
            assertThat(stores(ready).at("/kafka/status").asString()).isEqualTo("UP");
            assertThat(stores(ready).at("/redis/status").asString()).isEqualTo("DEGRADED");

            cable.cut();
            HttpResponse<String> unready = send(side, "GET", "/health/readiness");
            assertThat(unready.statusCode()).isEqualTo(503);
            assertThat(stores(unready).at("/eventStore/status").asString()).isEqualTo("DOWN");
            assertThat(stores(unready).at("/eventStore/details/missing").asString())
                    .isEqualTo("no command is answered");
            assertThat(send(side, "GET", "/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    daybook.commands.writers          | 0    | daybook.commands.writers is 0; it has to be from 1 to 64
                    daybook.commands.pool-size        | 3    | daybook.commands.pool-size is 3; it has to be from 13 to 1000
                    daybook.async.outcomes-kept       | 500ms | daybook.async.outcomes-kept is 500ms; it has to be from 1m to 30d
                    daybook.kafka.bootstrap-servers   | ''   | daybook.kafka.bootstrap-servers is not set
                    """)
    void what_is_not_within_its_bounds_stops_the_start(String property, String value, String message) {
        assertThatThrownBy(() -> start(Map.of(property, value)).close())
                .rootCause()
                .hasMessageContaining(message);
    }

    @Test
    void another_number_of_partitions_than_a_topic_has_stops_the_start() throws Exception {
        String prefix = services.get("daybook.kafka.topic-prefix");
        new EventsTopic(services.get("daybook.kafka.bootstrap-servers"), prefix + ".events", 12, 1).declare();
        assertThatThrownBy(() ->
                        start(Map.of("daybook.kafka.events-partitions", "24")).close())
                .rootCause()
                .hasMessageContaining("topic " + prefix + ".events has 12 partitions, and not the 24 that are set")
                .hasMessageContaining("set daybook.kafka.events-partitions to 12");
    }

    @Test
    void a_schema_that_lacks_something_stops_the_start_until_the_job_has_run() throws Exception {
        Map<String, String> afterTheJob = Map.of("daybook.migrations.at-start", "false");
        assertThatThrownBy(() -> start(afterTheJob).close())
                .rootCause()
                .hasMessageContaining("the event store lacks 10 migrations")
                .hasMessageContaining("run './daybook migrate' first");

        // As it was when the release before was the last one.
        Flyway.configure()
                .dataSource(
                        services.get("daybook.event-store.jdbc-url"),
                        services.get("daybook.event-store.username"),
                        services.get("daybook.event-store.password"))
                .locations(JournalQueries.MIGRATIONS)
                .target(ReleaseBefore.EVENT_STORE)
                .load()
                .migrate();
        try (var side = start(afterTheJob)) {
            assertWorks(side, "before");
        }

        CommandSide.main(Stream.concat(
                        Stream.of("migrate"),
                        arguments().entrySet().stream()
                                .map(property -> "--" + property.getKey() + "=" + property.getValue()))
                .toArray(String[]::new));
        try (var side = start(afterTheJob)) {
            assertWorks(side, "after");
        }
    }

    /** What writes each of the tables. */
    private static void assertWorks(ConfigurableApplicationContext side, String ledger) throws Exception {
        assertThat(send(side, "PUT", "/v1/ledgers/" + ledger).statusCode()).isEqualTo(201);
        String posting = "\"source\":\"world\",\"destination\":\"a\",\"asset\":\"USD\",\"amount\":1";
        assertThat(send(side, "POST", "/v1/ledgers/" + ledger + "/transactions", "{\"postings\":[{" + posting + "}]}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send(side, "POST", "/v1/ledgers/" + ledger + "/holds", "{" + posting + "}")
                        .statusCode())
                .isEqualTo(201);
    }
}
