package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.installation.Stores;
import io.daybook.messages.LedgerEventJson;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events in the audit's live indices, at one point in time. */
final class EventIndex implements EventSource {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FETCHED_AT_ONCE = 2_000;
    private static final String KEEP_ALIVE = "5m";

    /** What a shard could not tell now would look as if it had been lost. */
    private static final String SEARCH = "/_search?allow_partial_search_results=false";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI cluster;

    /** The id of the point in time; null if there are no indices. */
    private final @Nullable String moment;

    private EventIndex(HttpClient http, URI cluster, @Nullable String moment) {
        this.http = http;
        this.cluster = cluster;
        this.moment = moment;
    }

    static EventIndex of(Stores stores) {
        HttpClient http = HttpClient.newHttpClient();
        URI cluster = URI.create(stores.get("daybook.elasticsearch.uri"));
        String alias = stores.get("daybook.elasticsearch.index-prefix", "daybook") + "-events";
        try {
            // What was written and is not searchable yet belongs to this moment.
            send(http, cluster, "POST", "/" + alias + "/_refresh?ignore_unavailable=true", "");
            JsonNode answer = send(
                    http, cluster, "POST", "/" + alias + "/_pit?ignore_unavailable=true&keep_alive=" + KEEP_ALIVE, "");
            return new EventIndex(http, cluster, answer.path("id").asString());
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
                List.of("daybook.ledger", "event.sequence"),
                "_source",
                List.of(
                        "@timestamp",
                        "event",
                        "user",
                        "http",
                        "daybook.ledger",
                        "daybook.chain",
                        "daybook.hash",
                        "daybook.data")));
        JsonNode hits = search(ledger, page).path("hits").path("hits");
        while (!hits.isEmpty()) {
            for (JsonNode hit : hits) {
                StoredEvent event;
                try {
                    event = event(hit);
                } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
                    strange.accept(Finding.of(
                            hit.path("_source").path("daybook").path("ledger").asString(""),
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
        JsonNode event = document.required("event");
        JsonNode daybook = document.required("daybook");
        String id = event.required("id").asString();
        String ledger = daybook.required("ledger").asString();
        long sequence = event.required("sequence").asLong();
        // In an audit of format 1, documents are named by the events' ids.
        String name = ledger + ":" + sequence;
        if (!List.of(name, id).contains(hit.path("_id").asString())) {
            throw new IllegalArgumentException("its event is " + name + ", with the id '" + id
                    + "', and the document must be named so, or, in an audit of format 1, by the id");
        }
        int chain = daybook.path("chain").asInt(HashChain.FIRST_VERSION);
        return new StoredEvent(
                ledger,
                sequence,
                UUID.fromString(id),
                event.required("action").asString(),
                Instant.parse(document.required("@timestamp").asString()),
                document.required("http").required("request").required("id").asString(),
                document.required("user").required("id").asString(),
                chain,
                daybook.required("hash").asString(),
                null,
                LedgerEventJson.canonical(daybook.required("data"), chain));
    }

    private JsonNode search(@Nullable LedgerId ledger, Map<String, ?> search) {
        Map<String, Object> body = new HashMap<>(search);
        body.put("pit", Map.of("id", moment, "keep_alive", KEEP_ALIVE));
        if (ledger != null) {
            body.put("query", Map.of("term", Map.of("daybook.ledger", ledger.value())));
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
