package io.daybook.bench;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.audit.AuditDocument;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
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
        events = AuditKind.EVENTS.named(prefix);
        client = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
                .build();
        try {
            ObjectNode template = (ObjectNode) JSON.readTree(AuditKind.EVENTS.template());
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
        AuditDocument document = new AuditDocument()
                .put(AuditField.TIMESTAMP, event.recorded().recordedAt().toString())
                .put(AuditField.ID, event.recorded().id())
                .put(AuditField.ACTION, event.type())
                .put(AuditField.SEQUENCE, event.sequence())
                .put(AuditField.LEDGER, event.ledger().value())
                .put(AuditField.CHAIN, event.recorded().chain())
                .put(AuditField.HASH, event.recorded().hash())
                .put(AuditField.DATA, event.event());
        if (event.event() instanceof Transaction transaction) {
            Posting posting = transaction.postings().getFirst();
            document.put(AuditField.TRANSACTION_ID, transaction.id().toString())
                    .put(AuditField.EFFECTIVE_AT, transaction.effectiveAt().toString())
                    .put(
                            AuditField.ACCOUNTS,
                            List.of(
                                    posting.source().value(),
                                    posting.destination().value()))
                    .put(AuditField.ASSETS, List.of(posting.asset().name()));
        }
        send(
                "PUT",
                "/" + events + "-one-by-one/_doc/" + event.recorded().id(),
                JSON.writeValueAsString(document.members()));
    }

    @Override
    public void verify(long events) throws IOException {
        send("POST", "/" + this.events + "/_refresh", "");
        Store.require(
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
