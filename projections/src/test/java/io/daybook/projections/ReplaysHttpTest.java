package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.LedgerEvent.LedgerOpened;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators ask of replays by HTTP, and are answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplaysHttpTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String REPLAYS = "/v1/operations/replays";
    private static final List<String> LEDGERS = List.of("east", "north", "south");

    private final ProjectionsFixture fixture = new ProjectionsFixture();
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeAll
    void start() {
        application = fixture.serve(Map.of());
        for (String ledger : LEDGERS) {
            fixture.publisher().publish(ledger, new LedgerOpened(null, Map.of()));
            for (int account = 0; account < 5; account++) {
                fixture.publisher().publish(ledger, ProjectionsFixture.transfer(account));
            }
        }
        await().atMost(SOON)
                .until(
                        () -> fixture.books()
                                .queryForObject("select coalesce(sum(sequence), 0) from ledger", Long.class),
                        sum -> sum == 18);
    }

    @AfterAll
    void stop() throws IOException {
        http.close();
        fixture.close();
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return send(application, method, path, body);
    }

    private HttpResponse<String> send(ConfigurableApplicationContext to, String method, String path, String body) {
        int port = ((WebServerApplicationContext) to).getWebServer().getPort();
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("Content-Type", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private JsonNode answer(int status, String method, String path, String body) {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Where it is found. */
    private String start(String body) {
        HttpResponse<String> answer = send("POST", REPLAYS, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode replay = JsonMapper.shared().readTree(answer.body());
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo(REPLAYS + "/" + replay.path("id").asString());
        return location;
    }

    private JsonNode awaitReplay(String location, Predicate<JsonNode> condition) {
        return await().atMost(SOON).until(() -> answer(200, "GET", location, ""), condition);
    }

    private static Predicate<JsonNode> is(String state) {
        return replay -> replay.path("state").asString().equals(state)
                && replay.path("parts").valueStream().noneMatch(part -> part.has("action"));
    }

    private static List<String> actions(JsonNode replay) {
        return replay.at("/parts/0/actions")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private void assertProblem(int status, String code, String method, String path, String body) {
        assertThat(answer(status, method, path, body).path("code").asString()).isEqualTo(code);
    }

    @Test
    void a_generation_is_posted_exchanged_brought_back_and_dropped() {
        String location = start("{\"projection\":\"books\",\"parallel\":1}");

        JsonNode swapped = awaitReplay(location, is("swapped"));
        assertThat(swapped.path("events").asLong()).isEqualTo(18);
        assertThat(swapped.path("behind").asLong()).isZero();
        assertThat(swapped.at("/parts/0/projection").asString()).isEqualTo("books");
        int live = swapped.at("/parts/0/live").asInt();
        assertThat(swapped.at("/parts/0/aside").asInt()).isEqualTo(live - 1);
        assertThat(actions(swapped)).containsExactlyInAnyOrder("rollback", "discard");
        assertProblem(409, "action-not-possible", "PATCH", location, "{\"action\":\"resume\"}");

        answer(200, "PATCH", location, "{\"action\":\"rollback\",\"projection\":\"books\"}");
        JsonNode back = awaitReplay(
                location,
                replay ->
                        is("swapped").test(replay) && replay.at("/parts/0/live").asInt() == live - 1);
        assertThat(back.path("detail").asString()).contains("generation " + (live - 1) + " is live");

        JsonNode asked = answer(200, "PATCH", location, "{\"action\":\"discard\"}");
        assertThat(asked.at("/parts/0/action").asString()).isEqualTo("discard");
        JsonNode discarded = awaitReplay(location, is("discarded"));
        assertThat(discarded.at("/parts/0").has("aside")).isFalse();
        assertThat(actions(discarded)).isEmpty();
        assertProblem(409, "action-not-possible", "PATCH", location, "{\"action\":\"discard\"}");

        String next = start("{\"projection\":\"books\"}");
        assertProblem(404, "replay-not-found", "GET", location, "");
        awaitReplay(next, is("swapped"));
    }

    @Test
    void what_a_dry_run_finds_is_data() {
        fixture.books().update("update balance set input = input + 5 where ledger = 'north' and account = 'users:3'");
        try {
            JsonNode done = awaitReplay(start("{\"projection\":\"all\",\"dryRun\":true}"), is("done"));

            assertThat(done.path("differences")).hasSize(1);
            assertThat(done.at("/differences/0").asString()).contains("balance north users:3 USD/2 is not the same");
            for (JsonNode part : done.path("parts")) {
                boolean isBooks = part.path("projection").asString().equals("books");
                assertThat(part.path("differences")).hasSize(isBooks ? 1 : 0);
            }
            assertThat(done.path("parts")).hasSize(3);
        } finally {
            fixture.books()
                    .update("update balance set input = input - 5 where ledger = 'north' and account = 'users:3'");
        }
    }

    @Test
    void ledgers_are_posted_anew_and_told_in_pages() {
        String location =
                start("{\"projection\":\"audit\",\"fromTime\":\"2026-01-01T00:00:00Z\",\"source\":\"store\"}");

        JsonNode done = awaitReplay(location, is("done"));
        assertThat(done.at("/parts/0/ledgers").asInt()).isEqualTo(3);
        JsonNode first = answer(200, "GET", location + "/ledgers?limit=2", "");
        assertThat(first.path("data").valueStream().map(ledger -> ledger.path("ledger")
                        .asString()))
                .containsExactly("east", "north");
        assertThat(first.at("/data/0/state").asString()).isEqualTo("done");
        assertThat(first.at("/data/0/reached").asLong()).isEqualTo(6);
        JsonNode rest = answer(
                200,
                "GET",
                location + "/ledgers?limit=2&cursor=" + first.path("next").asString(),
                "");
        assertThat(rest.at("/data/0/ledger").asString()).isEqualTo("south");
        assertThat(rest.path("next").isNull()).isTrue();

        String again = start("{\"projection\":\"audit\",\"ledger\":\"north\",\"fromSequence\":3}");
        awaitReplay(again, is("done"));
        assertThat(answer(200, "GET", location, "").at("/parts/0/ledgers").asInt())
                .isEqualTo(2);
        assertThat(answer(200, "GET", REPLAYS + "?ledger=north&projection=audit", "")
                        .at("/data/0/id")
                        .asString())
                .isEqualTo(again.substring(again.lastIndexOf('/') + 1));
    }

    @Test
    void all_replays_are_listed_in_pages_the_newest_first() {
        String books = start("{\"projection\":\"balances\"}");
        awaitReplay(books, is("swapped"));

        JsonNode page = answer(200, "GET", REPLAYS + "?limit=1", "");
        assertThat(page.path("data")).hasSize(1);
        JsonNode next = answer(
                200, "GET", REPLAYS + "?limit=1&cursor=" + page.path("next").asString(), "");
        assertThat(next.at("/data/0/id")).isNotEqualTo(page.at("/data/0/id"));
        assertThat(page.at("/data/0/requestedAt").asString())
                .isGreaterThanOrEqualTo(next.at("/data/0/requestedAt").asString());
    }

    /** Nothing is exchanged until it is rolled back. */
    private Connection holdExchanges() throws SQLException {
        Connection connection = DriverManager.getConnection(
                fixture.services().get("daybook.books.jdbc-url") + "?currentSchema=projections",
                fixture.services().get("daybook.books.username"),
                fixture.services().get("daybook.books.password"));
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from generation for key share");
        }
        return connection;
    }

    @Test
    void what_is_under_way_is_paused_and_goes_on_and_is_not_asked_for_twice() throws SQLException {
        String location;
        try (Connection held = holdExchanges()) {
            location = start("{\"projection\":\"audit\"}");
            awaitReplay(location, is("running"));
            JsonNode other = answer(409, "POST", REPLAYS, "{\"projection\":\"all\"}");
            assertThat(other.path("code").asString()).isEqualTo("operation-in-progress");
            assertThat(other.path("projection").asString()).isEqualTo("audit");
            assertThat(location).endsWith(other.path("replay").asString());

            answer(200, "PATCH", location, "{\"action\":\"pause\"}");
            held.rollback();
        }
        JsonNode paused = awaitReplay(location, is("paused"));
        assertThat(actions(paused)).containsExactlyInAnyOrder("resume", "discard");
        assertProblem(409, "operation-in-progress", "POST", REPLAYS, "{\"projection\":\"audit\",\"dryRun\":true}");

        answer(200, "PATCH", location, "{\"action\":\"resume\"}");
        awaitReplay(location, is("swapped"));
    }

    @Test
    void a_ledger_that_waits_is_paused_and_given_up() throws SQLException {
        try (Connection held = holdExchanges()) {
            String location = start("{\"projection\":\"balances\",\"ledger\":\"east\"}");
            assertThat(held.isClosed()).isFalse();

            JsonNode paused = answer(200, "PATCH", location, "{\"action\":\"pause\",\"ledger\":\"east\"}");

            assertThat(paused.path("state").asString()).isEqualTo("paused");
            assertProblem(409, "action-not-possible", "PATCH", location, "{\"action\":\"rollback\"}");
            JsonNode discarded = answer(200, "PATCH", location, "{\"action\":\"discard\"}");
            assertThat(discarded.path("state").asString()).isEqualTo("discarded");
            assertThat(discarded.at("/parts/0/ledgers").asInt()).isOne();
            assertProblem(404, "replay-not-found", "GET", location, "");
            held.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                     | projection
            {"projection":"ledgers"}                               | projection
            {"projection":"books","source":"paper"}                | source
            {"projection":"books","parallel":0}                    | parallel
            {"projection":"books","parallel":13}                   | parallel
            {"projection":"books","ledger":"no ledger"}            | ledger
            {"projection":"books","ledger":"north","fromSequence":2} | fromSequence
            {"projection":"all","fromTime":"2026-01-01T00:00:00Z"} | fromTime
            {"projection":"audit","fromSequence":2}                | ledger
            {"projection":"audit","ledger":"north","fromSequence":0} | fromSequence
            {"projection":"audit","ledger":"north","fromSequence":7} | fromSequence
            {"projection":"audit","fromTime":"yesterday"}          | fromTime
            {"projection":"audit","fromTime":"2999-01-01T00:00:00Z"} | fromTime
            {"projection":"books","ledger":"north","dryRun":true}  | dryRun
            {"projection":"books","ledger":"north","parallel":2}   | parallel
            {"projection":"books","wanted":"replay"}               | wanted
            """)
    void what_cannot_be_asked_for_is_told_with_its_field(String body, String field) {
        assertThat(answer(400, "POST", REPLAYS, body).at("/errors/0/field").asString())
                .isEqualTo(field);
    }

    @Test
    void what_is_not_there_is_told() {
        String unknown = REPLAYS + "/" + UUID.randomUUID();
        assertProblem(404, "ledger-not-found", "POST", REPLAYS, "{\"projection\":\"books\",\"ledger\":\"nobody\"}");
        assertProblem(404, "replay-not-found", "GET", unknown, "");
        assertProblem(404, "replay-not-found", "GET", unknown + "/ledgers", "");
        assertProblem(404, "replay-not-found", "PATCH", unknown, "{\"action\":\"pause\"}");
        assertProblem(400, "invalid-field", "PATCH", unknown, "{\"action\":\"begin\"}");
        assertProblem(400, "invalid-field", "GET", REPLAYS + "?cursor=1", "");
        assertProblem(400, "invalid-field", "GET", REPLAYS + "?projection=ledgers", "");
    }

    @Test
    void while_a_database_is_down_it_is_told_and_when_to_ask_again() {
        ConfigurableApplicationContext alone =
                fixture.serve(Map.of("daybook.event-store.jdbc-url", "jdbc:postgresql://127.0.0.1:1/nowhere"));
        assertUnavailable(
                "event store", send(alone, "POST", REPLAYS, "{\"projection\":\"books\",\"ledger\":\"north\"}"));
        alone.close();
        String books = fixture.books().queryForObject("select current_database()", String.class);
        SingleConnectionDataSource beside = new SingleConnectionDataSource(
                fixture.services().get("daybook.books.jdbc-url").replaceFirst("/[^/]*$", "/postgres"),
                fixture.services().get("daybook.books.username"),
                fixture.services().get("daybook.books.password"),
                true);
        JdbcTemplate server = new JdbcTemplate(beside);
        server.execute("alter database \"" + books + "\" allow_connections false");
        try {
            // Whoever had a connection has lost it.
            server.queryForList(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?"
                            + " and application_name like 'daybook-projections%'",
                    books);
            assertUnavailable("books", send("GET", REPLAYS, ""));
        } finally {
            server.execute("alter database \"" + books + "\" allow_connections true");
            beside.destroy();
        }
        await().atMost(SOON).until(() -> send("GET", REPLAYS, "").statusCode(), status -> status == 200);
    }

    private static void assertUnavailable(String store, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("\"unavailable\"", store);
    }
}
