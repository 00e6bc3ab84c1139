package io.daybook.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {

    @TempDir
    Path directory;

    @Test
    void keep_what_was_written_and_their_ports_over_a_restart() throws Exception {
        Map<String, String> before;
        try (Services services = Services.start(directory, service -> {})) {
            before = services.asProperties();
            assertThat(services.all()).allMatch(service -> service.pid() > 0);
            assertThatThrownBy(() -> Services.start(directory, service -> {}))
                    .hasMessageContaining("another process uses");
            writeToEach(services);
            await().atMost(Duration.ofSeconds(20)).until(() -> rows(services.booksReplica()) == 1);
        }
        try (Services services = Services.start(directory, service -> {})) {
            assertThat(services.asProperties()).isEqualTo(before);
            readFromEach(services);
        }
    }

    private static void writeToEach(Services services) throws Exception {
        for (PostgresServer server : List.of(services.eventStore(), services.books())) {
            try (Connection connection = server.connect(Services.DATABASE)) {
                connection.createStatement().execute("create table t as select 1 as x");
            }
        }
        RedisClient client = RedisClient.create(services.redis().uri(0));
        client.connect().sync().set("k", "v");
        client.shutdown();
        try (Admin admin = admin(services)) {
            admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        elasticsearch(services, "PUT", "/t/_doc/1?refresh=true", "{\"x\":1}");
    }

    private static void readFromEach(Services services) throws Exception {
        assertThat(rows(services.eventStore())).isOne();
        assertThat(rows(services.books())).isOne();
        assertThat(rows(services.booksReplica())).isOne();
        RedisClient client = RedisClient.create(services.redis().uri(0));
        assertThat(client.connect().sync().get("k")).isEqualTo("v");
        client.shutdown();
        try (Admin admin = admin(services)) {
            assertThat(admin.listTopics().names().get()).contains("t");
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(elasticsearch(services, "GET", "/t/_doc/1", ""))
                        .contains("\"x\":1"));
    }

    private static int rows(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect(Services.DATABASE);
                ResultSet result = connection.createStatement().executeQuery("select count(*) from t")) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) { // the table has not reached the replica yet
                return 0;
            }
            throw e;
        }
    }

    private static Admin admin(Services services) {
        return Admin.create(Map.of("bootstrap.servers", services.kafka().bootstrapServers()));
    }

    private static String elasticsearch(Services services, String method, String path, String body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(services.elasticsearch().uri() + path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void end_with_the_process_that_started_them_even_if_it_is_killed() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Ddaybook.home=" + Binaries.projectRoot(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ServicesParent.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Long> pids;
        try (var output = parent.inputReader()) {
            pids = List.of(output.readLine().split(" ")).stream()
                    .map(Long::valueOf)
                    .toList();
        }
        assertThat(pids).hasSize(6).allMatch(ServicesTest::isAlive);

        parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        // At once: the new start waits for those that are still stopping.
        try (Services services = Services.start(directory, service -> {})) {
            assertThat(services.all()).allMatch(service -> isAlive(service.pid()));
            assertThat(pids).noneMatch(ServicesTest::isAlive);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Starts the services, prints their process ids, and waits to be killed. */
    static final class ServicesParent {
        public static void main(String[] arguments) throws InterruptedException {
            Services services = Services.start(Path.of(arguments[0]), service -> {});
            System.out.println(String.join(
                    " ",
                    services.all().stream()
                            .map(service -> Long.toString(service.pid()))
                            .toList()));
            Thread.sleep(Duration.ofMinutes(5));
        }
    }
}
