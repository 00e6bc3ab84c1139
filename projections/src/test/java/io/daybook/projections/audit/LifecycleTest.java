package io.daybook.projections.audit;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.daybook.stores.audit.AuditIndices;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is asked of a cluster that has lifecycles. The Elasticsearch of the build has none ({@link RequestIndexingTest} shows
 * that it does not mind), so this one only remembers what it is told.
 */
class LifecycleTest {

    private final Map<String, JsonNode> put = new TreeMap<>();
    private HttpServer cluster;
    private Rest5Client client;

    @BeforeEach
    void start() throws IOException {
        cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cluster.createContext("/", this::answer);
        cluster.start();
        client = Rest5Client.builder(
                        URI.create("http://127.0.0.1:" + cluster.getAddress().getPort()))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        cluster.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String answer = "{}";
        int status = 200;
        if (exchange.getRequestMethod().equals("PUT")) {
            put.put(path, JsonMapper.shared().readTree(body));
        } else if (path.equals("/_ilm/status")) {
            answer = "{\"operation_mode\":\"RUNNING\"}";
        } else if (path.equals("/_cluster/health")) {
            answer = "{\"number_of_data_nodes\":3}";
        } else if (put.containsKey(path)) {
            answer = "{\"is\":\"there\"}";
        } else {
            status = 404;
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void requests_are_rolled_over_and_deleted_in_time() throws IOException {
        new AuditStream(new AuditCluster(client), "daybook", AuditKind.REQUESTS).prepare();

        assertThat(put.get("/_ilm/policy/daybook-requests")
                        .at("/policy/phases/hot/actions/rollover/max_age")
                        .asString())
                .isEqualTo("7d");
        assertThat(put.get("/_ilm/policy/daybook-requests")
                        .at("/policy/phases/delete/min_age")
                        .asString())
                .isEqualTo("90d");
        assertThat(put.get("/_index_template/daybook-requests")
                        .at("/template/settings/index.lifecycle.name")
                        .asString())
                .isEqualTo("daybook-requests");
    }

    @Test
    void events_are_never_deleted() throws IOException {
        new AuditTemplates(new AuditCluster(client)).install(AuditIndices.of("daybook", 2));

        assertThat(put.get("/_ilm/policy/daybook-events").at("/policy/phases").propertyNames())
                .containsExactlyInAnyOrder("hot", "warm", "cold");
        assertThat(put.get("/_index_template/daybook-events.2")
                        .at("/template/settings/index.lifecycle.name")
                        .asString())
                .isEqualTo("daybook-events");
    }

    @Test
    void a_policy_that_is_there_stays_as_it_was_made() throws IOException {
        JsonNode ours = JsonMapper.shared().readTree("{\"policy\":\"of the operator\"}");
        put.put("/_ilm/policy/daybook-requests", ours);

        new AuditStream(new AuditCluster(client), "daybook", AuditKind.REQUESTS).prepare();

        assertThat(put.get("/_ilm/policy/daybook-requests")).isEqualTo(ours);
    }
}
