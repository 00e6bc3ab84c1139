package io.daybook.bench.projections;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.bench.measure.Expected;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.projections.audit.AuditConfiguration;
import io.daybook.projections.projection.PublishedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The audit in Elasticsearch, in indices with Daybook's fields. */
final class AuditStore implements Store {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String events;
    private final Rest5Client client;

    AuditStore(Map<String, String> services) {
        String prefix = services.get("daybook.elasticsearch.index-prefix");
        events = prefix + "-events";
        client = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
                .build();
        try (InputStream file = AuditConfiguration.class.getResourceAsStream("/elasticsearch/events-template.json")) {
            ObjectNode template = (ObjectNode) JSON.readTree(file);
            template.putArray("index_patterns").add(events + "-*");
            template.withObject("/template/settings").put("number_of_replicas", 0);
            template.withObject("/template/aliases").putObject(events);
            send("PUT", "/_index_template/" + events, template.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(PublishedEvent event) throws IOException {
        send(
                "PUT",
                "/" + events + "-one-by-one/_doc/" + event.recorded().id(),
                JSON.writeValueAsString(Map.of(
                        "@timestamp",
                        event.recorded().recordedAt().toString(),
                        "event",
                        Map.of("id", event.recorded().id(), "action", event.type(), "sequence", event.sequence()),
                        "daybook",
                        daybook(event))));
    }

    private static Map<String, Object> daybook(PublishedEvent event) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("ledger", event.ledger().value());
        fields.put("chain", event.recorded().chain());
        fields.put("hash", event.recorded().hash());
        fields.put("data", event.event());
        if (event.event() instanceof Transaction transaction) {
            Posting posting = transaction.postings().getFirst();
            fields.put("transaction", Map.of("id", transaction.id().toString()));
            fields.put("effective_at", transaction.effectiveAt().toString());
            fields.put(
                    "accounts",
                    List.of(posting.source().value(), posting.destination().value()));
            fields.put("assets", List.of(posting.asset().name()));
        }
        return fields;
    }

    @Override
    public void verify(long events) throws IOException {
        send("POST", "/" + this.events + "/_refresh", "");
        Expected.require(
                "documents",
                events,
                send("GET", "/" + this.events + "/_count", "").path("count").asLong());
    }

    private JsonNode send(String method, String path, String body) throws IOException {
        Request request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        try (InputStream content = client.performRequest(request).getEntity().getContent()) {
            return JSON.readTree(content);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
