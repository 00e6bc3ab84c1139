package io.daybook.projections.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.SearchWords;
import io.daybook.messages.RequestRecord;
import io.daybook.messages.RequestsInKafka;
import io.daybook.messages.RequestsTopic;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.services.SharedServices;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How requests come from Kafka into the audit. */
class RequestIndexingTest {

    private static final UUID HOLD = new UUID(3, 4);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final String kafka = services.get("daybook.kafka.bootstrap-servers");
    private final String topic = RequestsInKafka.topic(services.get("daybook.kafka.topic-prefix"));
    private final String stream = AuditKind.REQUESTS.named(services.get("daybook.elasticsearch.index-prefix"));
    private final Rest5Client client = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka), new StringSerializer(), new ByteArraySerializer());

    @BeforeEach
    void declare() throws Exception {
        requests().declare();
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        client.close();
    }

    private RequestsTopic requests() {
        return new RequestsTopic(kafka, topic, 6, 1, Duration.ofDays(7));
    }

    private RequestIndexing start(Rest5Client elasticsearch) {
        RequestIndexing indexing = new RequestIndexing(
                new AuditStream(
                        new AuditCluster(elasticsearch),
                        services.get("daybook.elasticsearch.index-prefix"),
                        AuditKind.REQUESTS),
                requests(),
                new ProjectionsProperties.RequestIndexing(
                        1_000, 256 * 1024, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(10)));
        indexing.start();
        return indexing;
    }

    private void publish(RequestRecord... requests) throws Exception {
        for (RequestRecord request : requests) {
            producer.send(new ProducerRecord<>(topic, request.id(), request.toJson()))
                    .get();
        }
    }

    private static RequestRecord refused() {
        return new RequestRecord(
                UUID.randomUUID().toString(),
                Instant.parse("2026-01-31T12:00:00.123456Z"),
                3_249_999,
                "POST",
                "/v1/ledgers/{ledger}/holds/{id}/capture",
                422,
                "capture-exceeds-hold",
                "request-1",
                "token:0123",
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                "acme",
                null,
                null,
                HOLD.toString(),
                null,
                7L,
                20,
                310,
                "here");
    }

    private static RequestRecord query() {
        return new RequestRecord(
                UUID.randomUUID().toString(),
                Instant.parse("2026-01-31T12:00:01Z"),
                50_000,
                "GET",
                null,
                404,
                "not-found",
                "request-2",
                "anonymous",
                "0af7651916cd43dd8448eb211c80319d",
                "b7ad6b7169203331",
                null,
                "users:1",
                null,
                null,
                HOLD.toString(),
                null,
                0,
                99,
                "here");
    }

    private JsonNode send(String method, String path, String body) throws IOException {
        Request request = new Request(method, path);
        request.addParameter("ignore_unavailable", "true");
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        return JsonMapper.shared()
                .readTree(client.performRequest(request).getEntity().getContent());
    }

    private JsonNode found(String query) {
        try {
            send("POST", "/" + stream + "/_refresh", "");
            return send("POST", "/" + stream + "/_search", "{\"query\":%s}".formatted(query))
                    .at("/hits/hits");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode foundById(String requestId) {
        return found("{\"term\":{\"http.request.id\":\"%s\"}}".formatted(requestId));
    }

    /** By which it is found. */
    private static List<String> wordsOutOf(JsonNode source) {
        return ((ObjectNode) source.path("daybook"))
                .remove("words")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    void requests_are_found_by_what_they_were_and_only_once() throws Exception {
        RequestRecord refused = refused();
        publish(refused, query(), refused);
        RequestIndexing indexing = start(client);
        try {
            await().atMost(PATIENCE).until(() -> indexing.indexed() == 3);
            publish(refused);
            await().atMost(PATIENCE).until(() -> indexing.indexed() == 4);
        } finally {
            indexing.stop();
        }

        JsonNode hits = foundById("request-1");
        assertThat(hits).hasSize(1);
        assertThat(hits.at("/0/_id").asString()).isEqualTo(refused.id());
        JsonNode source = hits.at("/0/_source");
        JsonNode ingested = ((ObjectNode) source.path("event")).remove("ingested");
        assertThat(Instant.parse(ingested.asString())).isAfter(refused.receivedAt());
        assertThat(wordsOutOf(source))
                .contains(
                        "acme",
                        "request 1",
                        "token 0123",
                        "capture exceeds hold",
                        String.join(" ", SearchWords.of("" + HOLD)));
        assertThat(source).isEqualTo(JsonMapper.shared().readTree("""
                {"@timestamp": "2026-01-31T12:00:00.123456Z",
                 "message": "422 capture-exceeds-hold in 3.2 ms: POST /v1/ledgers/{ledger}/holds/{id}/capture of ledger acme",
                 "event": {"id": "%s", "kind": "event", "action": "command", "dataset": "daybook.requests",
                   "outcome": "failure", "duration": 3249999},
                 "http": {"request": {"id": "request-1", "method": "POST", "body": {"bytes": 20}},
                   "response": {"status_code": 422, "body": {"bytes": 310}},
                   "route": "/v1/ledgers/{ledger}/holds/{id}/capture"},
                 "user": {"id": "token:0123"}, "host": {"name": "here"},
                 "trace": {"id": "0af7651916cd43dd8448eb211c80319c"}, "span": {"id": "b7ad6b7169203331"},
                 "daybook": {"ledger": "acme", "sequence": 7, "hold": {"id": "%s"},
                   "problem": {"code": "capture-exceeds-hold"}}}
                """.formatted(refused.id(), HOLD)));
        JsonNode query = found("{\"term\":{\"event.action\":\"query\"}}").at("/0/_source");
        assertThat(wordsOutOf(query)).contains("users 1", "not found");
        assertThat(query.path("daybook")).isEqualTo(JsonMapper.shared().readTree("""
                        {"accounts": ["users:1"], "command": {"id": "%s"}, "problem": {"code": "not-found"}}
                        """.formatted(HOLD)));
        assertThat(indexing.behind()).isZero();
        assertThat(indexing.detail()).isNull();
    }

    @Test
    void what_is_no_request_is_left_out_and_counted() throws Exception {
        producer.send(new ProducerRecord<>(topic, "key", "no JSON".getBytes(StandardCharsets.UTF_8)))
                .get();
        publish(query());
        RequestIndexing indexing = start(client);
        try {
            await().atMost(PATIENCE).until(() -> indexing.indexed() == 1 && indexing.unreadable() == 1);
        } finally {
            indexing.stop();
        }

        assertThat(foundById("request-2")).hasSize(1);
    }

    @Test
    void what_comes_while_Elasticsearch_is_away_waits_in_Kafka() throws Exception {
        publish(refused(), query());
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        try (Rest5Client nobody =
                Rest5Client.builder(URI.create("http://127.0.0.1:" + unused)).build()) {
            RequestIndexing indexing = start(nobody);
            await().atMost(PATIENCE).until(() -> indexing.detail() != null);
            indexing.stop();
            assertThat(indexing.indexed()).isZero();
        }
        RequestIndexing indexing = start(client);
        try {
            await().atMost(PATIENCE).until(() -> indexing.indexed() == 2);
        } finally {
            indexing.stop();
        }

        assertThat(List.of(foundById("request-1"), foundById("request-2")))
                .allSatisfy(hits -> assertThat(hits).hasSize(1));
    }

    @Test
    void without_lifecycles_in_the_cluster_none_are_installed() throws Exception {
        AuditCluster cluster = new AuditCluster(client);
        assertThat(new AuditTemplates(cluster).hasLifecycles()).isFalse();

        new AuditStream(cluster, stream, AuditKind.REQUESTS).prepare();

        assertThat(send("GET", "/_index_template/" + stream + "-requests", "")
                        .at("/index_templates/0/index_template/template/settings/index")
                        .has("lifecycle"))
                .isFalse();
    }
}
