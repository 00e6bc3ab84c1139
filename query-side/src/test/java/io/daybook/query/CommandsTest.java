package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.query.Client.Answer;
import io.daybook.stores.redis.OutcomeKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** What has become of asynchronous commands. */
class CommandsTest {

    private static final UUID ID = new UUID(1, 2);

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static Client client;

    @BeforeAll
    static void start() {
        stores = new Stores();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void a_command_is_pending_and_then_done_with_the_answer_it_would_have_had() {
        String pending = "{\"id\":\"%s\",\"ledger\":\"acme\",\"state\":\"pending\"}".formatted(ID);
        stores.redis(OutcomeKeys.of(ID), pending);
        Answer first = client.get("/v1/commands/" + ID);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Retry-After")).isEqualTo("1");
        assertThat(first.header("Content-Type")).startsWith("application/json");
        assertThat(first.body()).isEqualTo(JsonMapper.shared().readTree(pending));

        String done =
                "{\"id\":\"%s\",\"ledger\":\"acme\",\"state\":\"done\",\"status\":201,\"headers\":{\"Ledger-Sequence\":\"7\"},\"body\":{\"state\":\"pending\"}}"
                        .formatted(ID);
        stores.redis(OutcomeKeys.of(ID), done);
        Answer second = client.get("/v1/commands/" + ID);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Retry-After")).isEmpty();
        assertThat(second.body()).isEqualTo(JsonMapper.shared().readTree(done));
    }

    @Test
    void a_command_that_is_not_known_is_not_found() {
        Answer unknown = client.get("/v1/commands/" + new UUID(3, 4));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("command-not-found");
        assertThat(client.get("/v1/commands/1").code()).isEqualTo("invalid-field");
        assertThat(client.get("/v1/commands/" + ID + "?x=1").code()).isEqualTo("invalid-field");
    }

    @Test
    void without_redis_it_cannot_be_told() throws IOException {
        int nowhere;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = free.getLocalPort();
        }
        var changes = Map.of("daybook.redis.uri", "redis://127.0.0.1:" + nowhere);
        try (var alone = QuerySideApplication.start(stores.properties(changes))) {
            Answer answer = new Client(alone).get("/v1/commands/" + ID);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("unavailable");
            assertThat(answer.header("Retry-After")).isNotEmpty();
        }
    }
}
