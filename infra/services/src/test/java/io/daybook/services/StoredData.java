package io.daybook.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Something in each store that must survive a restart. */
final class StoredData {

    private StoredData() {}

    /** Writes to each store, and waits until the replica has it too. */
    static void write(Services services) throws Exception {
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
        await().atMost(Duration.ofSeconds(20)).until(() -> rows(services.booksReplica()) == 1);
    }

    static void check(Services services) throws Exception {
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
}
