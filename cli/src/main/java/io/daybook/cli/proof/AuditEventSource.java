package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.installation.Stores;
import io.daybook.messages.LedgerEventJson;
import io.daybook.stores.audit.AuditDocument;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events in the audit's live indices, at one point in time. */
final class AuditEventSource implements EventSource {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FETCHED_AT_ONCE = 2_000;
    private static final String KEEP_ALIVE = "5m";

    /** What a shard could not tell now would look as if it had been lost. */
    private static final String SEARCH = "/_search?allow_partial_search_results=false";

    /** What is read of a document. */
    private static final Set<AuditField> EVENT = EnumSet.of(
            AuditField.TIMESTAMP,
            AuditField.ID,
            AuditField.ACTION,
            AuditField.SEQUENCE,
            AuditField.REQUEST_ID,
            AuditField.ACTOR,
            AuditField.LEDGER,
            AuditField.CHAIN,
            AuditField.HASH,
            AuditField.DATA);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI cluster;

    /** The id of the point in time; null if there are no indices. */
    private final @Nullable String moment;

    private AuditEventSource(HttpClient http, URI cluster, @Nullable String moment) {
        this.http = http;
        this.cluster = cluster;
        this.moment = moment;
    }

    static AuditEventSource of(Stores stores) {
        HttpClient http = HttpClient.newHttpClient();
        URI cluster = URI.create(stores.get("daybook.elasticsearch.uri"));
        String alias = AuditKind.EVENTS.named(stores.get("daybook.elasticsearch.index-prefix", "daybook"));
        try {
            // What was written and is not searchable yet belongs to this moment.
            send(http, cluster, "POST", "/" + alias + "/_refresh?ignore_unavailable=true", "");
            JsonNode answer = send(
                    http, cluster, "POST", "/" + alias + "/_pit?ignore_unavailable=true&keep_alive=" + KEEP_ALIVE, "");
            return new AuditEventSource(http, cluster, answer.path("id").asString());
        } catch (IOException e) {
            http.close();
            throw EventSource.unreachable("the audit", cluster.toString(), e);
        }
    }

    @Override
    public String title() {
        return "the audit";
    }

    @Override
    public long count(@Nullable LedgerId ledger) {
        return search(ledger, Map.of("size", 0, "track_total_hits", true))
                .path("hits")
                .path("total")
                .path("value")
                .asLong();
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange) {
        Map<String, Object> page = new HashMap<>(Map.of(
                "size",
                FETCHED_AT_ONCE,
                "track_total_hits",
                false,
                "sort",
                List.of(AuditField.LEDGER.path(), AuditField.SEQUENCE.path()),
                "_source",
                EVENT.stream().map(AuditField::path).toList()));
        JsonNode hits = search(ledger, page).path("hits").path("hits");
        while (!hits.isEmpty()) {
            for (JsonNode hit : hits) {
                StoredEvent event;
                try {
                    event = event(hit);
                } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
                    strange.accept(Finding.of(
                            AuditField.LEDGER.in(hit.path("_source")).asString(""),
                            "document " + hit.path("_id").asString() + " in index "
                                    + hit.path("_index").asString() + " of the audit is not an event: "
                                    + e.getMessage()));
                    continue;
                }
                consumer.accept(event);
            }
            page.put("search_after", hits.get(hits.size() - 1).path("sort"));
            hits = search(ledger, page).path("hits").path("hits");
        }
    }

    private static StoredEvent event(JsonNode hit) {
        JsonNode document = hit.required("_source");
        UUID id = UUID.fromString(AuditField.ID.requiredIn(document).asString());
        String ledger = AuditField.LEDGER.requiredIn(document).asString();
        long sequence = AuditField.SEQUENCE.requiredIn(document).asLong();
        String name = AuditDocument.idOfEvent(2, ledger, sequence, id);
        String nameInFormat1 = AuditDocument.idOfEvent(1, ledger, sequence, id);
        if (!List.of(name, nameInFormat1).contains(hit.path("_id").asString())) {
            throw new IllegalArgumentException("its event is " + name + ", with the id '" + id
                    + "', and the document must be named so, or, in an audit of format 1, by the id");
        }
        int chain = AuditField.CHAIN.in(document).asInt(HashChain.FIRST_VERSION);
        return new StoredEvent(
                ledger,
                new Envelope(
                        sequence,
                        id,
                        Instant.parse(AuditField.TIMESTAMP.requiredIn(document).asString()),
                        AuditField.REQUEST_ID.requiredIn(document).asString(),
                        AuditField.ACTOR.requiredIn(document).asString(),
                        chain,
                        AuditField.HASH.requiredIn(document).asString()),
                AuditField.ACTION.requiredIn(document).asString(),
                null,
                LedgerEventJson.canonical(AuditField.DATA.requiredIn(document), chain));
    }

    private JsonNode search(@Nullable LedgerId ledger, Map<String, ?> search) {
        Map<String, Object> body = new HashMap<>(search);
        body.put("pit", Map.of("id", moment, "keep_alive", KEEP_ALIVE));
        if (ledger != null) {
            body.put("query", Map.of("term", Map.of(AuditField.LEDGER.path(), ledger.value())));
        }
        try {
            return send(http, cluster, "POST", SEARCH, JSON.writeValueAsString(body));
        } catch (IOException e) {
            throw new CommandFailed("The events in the audit cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static JsonNode send(HttpClient http, URI cluster, String method, String path, String body)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(cluster.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() >= 300) {
                throw new IOException("Elasticsearch answers " + answer.statusCode() + ", "
                        + json.path("error").path("reason").asString());
            }
            return json;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            send(http, cluster, "DELETE", "/_pit", JSON.writeValueAsString(Map.of("id", moment)));
        } catch (IOException e) {
            // It ends by itself.
        }
        http.close();
    }
}
