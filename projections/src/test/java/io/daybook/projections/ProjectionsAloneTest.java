package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.services.Cable;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import io.daybook.stores.ReleaseBefore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The projections by their main class, with nothing up but Kafka and the stores that they post to. */
class ProjectionsAloneTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SharedServices.Isolated services = SharedServices.get().isolated();

    private ConfigurableApplicationContext start(Map<String, String> others) {
        Map<String, Object> properties = new HashMap<>(services.properties());
        properties.keySet().removeIf(property -> property.startsWith("daybook.event-store."));
        properties.put("server.port", "0");
        properties.putAll(others);
        return new SpringApplicationBuilder(Projections.class)
                .properties(properties)
                .run();
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext side, String path) throws Exception {
        int port = ((WebServerApplicationContext) side).getWebServer().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void they_answer_health_and_post_events_and_say_which_store_is_missing() throws Exception {
        URI redis = URI.create(services.get("daybook.redis.uri"));
        try (Cable cable = new Cable(redis.getPort());
                Publisher publisher = new Publisher(services);
                var side = start(Map.of("daybook.redis.uri", "redis://127.0.0.1:" + cable.port() + redis.getPath()))) {
            publisher.publish("alone", new LedgerOpened(null, Map.of()));
            JdbcTemplate books = side.getBean(JdbcTemplate.class);
            await().atMost(SOON).until(() -> books.queryForObject("select count(*) from ledger", Integer.class) == 1);

            assertThat(get(side, "/health/liveness").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = get(side, "/health/readiness");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(JsonMapper.shared().readTree(ready.body()).path("status").asString())
                    .isEqualTo("UP");

            cable.cut();
            HttpResponse<String> degraded = get(side, "/health/readiness");
            JsonNode stores = JsonMapper.shared().readTree(degraded.body()).at("/components/stores/components");
            assertThat(degraded.statusCode()).isEqualTo(200);
            assertThat(stores.at("/redis/status").asString()).isEqualTo("DEGRADED");
            assertThat(stores.at("/books/status").asString()).isEqualTo("UP");
        }
    }

    @Test
    void a_schema_that_lacks_something_stops_the_start_until_the_job_has_run() throws Exception {
        Map<String, String> afterTheJob = Map.of("daybook.migrations.at-start", "false");
        assertThatThrownBy(() -> start(afterTheJob).close())
                .rootCause()
                .hasMessageContaining("the books' database lacks 12 migrations")
                .hasMessageContaining("run './daybook migrate' first");

        // As it was when the release before was the last one.
        migrate(BooksDatabase.SHARED, BooksDatabase.SHARED_MIGRATIONS, ReleaseBefore.SHARED);
        migrate(BooksDatabase.LIVE, BooksDatabase.MIGRATIONS, ReleaseBefore.BOOKS);
        try (Publisher publisher = new Publisher(services)) {
            assertPosts(afterTheJob, publisher, "before");

            Projections.main(Stream.concat(
                            Stream.of("migrate"),
                            services.properties().entrySet().stream()
                                    .map(property -> "--" + property.getKey() + "=" + property.getValue()))
                    .toArray(String[]::new));
            assertPosts(afterTheJob, publisher, "after");
        }
    }

    private void assertPosts(Map<String, String> settings, Publisher publisher, String ledger) {
        try (var side = start(settings)) {
            publisher.publish(ledger, new LedgerOpened(null, Map.of()));
            JdbcTemplate books = side.getBean(JdbcTemplate.class);
            await().atMost(SOON)
                    .until(() -> books.queryForObject(
                            "select exists (select from ledger where ledger = ?)", Boolean.class, ledger));
        }
    }

    private void migrate(String schema, String location, String target) {
        Flyway.configure()
                .dataSource(
                        services.get("daybook.books.jdbc-url"),
                        services.get("daybook.books.username"),
                        services.get("daybook.books.password"))
                .defaultSchema(schema)
                .locations(location)
                .target(target)
                .load()
                .migrate();
    }
}
