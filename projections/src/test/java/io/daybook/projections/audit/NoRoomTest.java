package io.daybook.projections.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of single operations of a bulk request. A real node has no room for one of them only under a load that cannot be
 * made to order; that it has none for a whole request is in {@link AuditProjectionTest}.
 */
class NoRoomTest {

    private final List<List<String>> sent = new CopyOnWriteArrayList<>();

    /** Operations that are answered with 429, the first time or always. */
    private final Set<String> refusedOnce = new CopyOnWriteArraySet<>();

    private final Set<String> refusedAlways = new CopyOnWriteArraySet<>();
    private HttpServer server;
    private Rest5Client client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/_bulk", this::answer);
        server.start();
        client = Rest5Client.builder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        List<String> operations =
                Arrays.asList(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\n"));
        sent.add(operations);
        List<String> items = new ArrayList<>();
        for (String operation : operations) {
            boolean refused = refusedOnce.remove(operation) || refusedAlways.contains(operation);
            items.add("{\"index\":{\"_id\":\"%s\",\"status\":%s}}"
                    .formatted(
                            operation,
                            refused ? "429,\"error\":{\"type\":\"es_rejected_execution_exception\"}" : "201"));
        }
        byte[] answer = ("{\"items\":[" + String.join(",", items) + "]}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Test
    void only_operations_that_there_was_no_room_for_are_sent_again_and_each_has_its_answer() throws IOException {
        refusedOnce.addAll(Set.of("b", "d"));

        assertThat(new BulkRequests(new AuditCluster(client)).send(List.of("a\n", "b\n", "c\n", "d\n", "e\n"), 2))
                .extracting(item -> item.at("/index/_id").asString())
                .containsExactly("a", "b", "c", "d", "e");

        assertThat(sent.subList(0, 2)).containsExactlyInAnyOrder(List.of("a", "b", "c"), List.of("d", "e"));
        assertThat(sent.subList(2, sent.size())).containsExactlyInAnyOrder(List.of("b"), List.of("d"));
    }

    @Test
    void if_there_is_no_room_for_long_it_is_an_outage() {
        refusedAlways.add("b");

        assertThatThrownBy(() -> new BulkRequests(new AuditCluster(client)).send(List.of("a\n", "b\n")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room for 1 operations");

        assertThat(sent.getFirst()).containsExactly("a", "b");
        assertThat(sent.subList(1, sent.size())).hasSize(5).containsOnly(List.of("b"));
    }
}
