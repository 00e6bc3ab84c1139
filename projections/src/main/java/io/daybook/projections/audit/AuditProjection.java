package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts to Elasticsearch. A batch is one bulk request, or two at the same time; an event's id is its document's, so an event that comes again
 * replaces itself. Elasticsearch has no transactions, so how far a ledger has come is what its highest sequence says: it is
 * asked for when the ledger is first met, and remembered from then on.
 */
final class AuditProjection implements Projection {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Fewer are sent as one request. */
    private static final int MIN_PARALLEL_EVENTS = 200;

    private final AuditCluster cluster;
    private final AuditIndices indices;
    private final Map<LedgerId, Long> positions = new HashMap<>();

    AuditProjection(AuditCluster cluster, AuditIndices indices) {
        this.cluster = cluster;
        this.indices = indices;
    }

    @Override
    public String name() {
        return "audit";
    }

    /**
     * Installs the template of the indices, and gives those that are there the fields that have been added to it since;
     * both are the same each time.
     */
    @Override
    public void prepare() throws IOException {
        cluster.install(indices);
    }

    @Override
    public void apply(List<PublishedEvent> events) throws IOException {
        learnPositions(Positions.ledgersOf(events));
        List<PublishedEvent> unseen = Positions.newOf(events, positions);
        if (unseen.isEmpty()) {
            return;
        }
        try {
            cluster.bulk(bodies(unseen)).forEach(AuditProjection::requireAllIndexed);
            unseen.forEach(event -> positions.put(event.ledger(), event.sequence()));
        } catch (IOException | RuntimeException e) {
            // Some of them may be there: what is known of these ledgers is what Elasticsearch says next time.
            Positions.ledgersOf(unseen).forEach(positions::remove);
            throw e;
        }
    }

    /** One index takes two requests at the same time, and neither is so large that the other waits for it. */
    private List<String> bodies(List<PublishedEvent> events) {
        if (events.size() < MIN_PARALLEL_EVENTS) {
            return List.of(body(events));
        }
        List<String> bodies = new ArrayList<>();
        int half = (events.size() + 1) / 2;
        bodies.add(body(events.subList(0, half)));
        bodies.add(body(events.subList(half, events.size())));
        return bodies;
    }

    private String body(List<PublishedEvent> events) {
        StringBuilder lines = new StringBuilder();
        for (PublishedEvent event : events) {
            // Neither the name of an index nor an id has what JSON escapes.
            lines.append("{\"index\":{\"_index\":\"")
                    .append(indices.of(event))
                    .append("\",\"_id\":\"")
                    .append(event.recorded().id())
                    .append("\"}}\n")
                    .append(JSON.writeValueAsString(EventDocument.of(event)))
                    .append('\n');
        }
        return lines.toString();
    }

    private static void requireAllIndexed(JsonNode answer) {
        if (!answer.path("errors").asBoolean(true)) {
            return;
        }
        for (JsonNode item : answer.path("items")) {
            JsonNode error = item.path("index").path("error");
            if (!error.isMissingNode()) {
                throw new IllegalStateException("Elasticsearch refused event "
                        + item.path("index").path("_id").asString() + ": " + error);
            }
        }
        throw new IllegalStateException("Elasticsearch answered a bulk request with something else: " + answer);
    }

    /**
     * How far the index has come in ledgers that were not met since the start. After a bulk request that was cut off, a
     * later event may be there and an earlier one not; so it is the highest sequence below which none is missing.
     */
    private void learnPositions(Set<LedgerId> ledgers) throws IOException {
        List<LedgerId> unknown = ledgers.stream()
                .filter(ledger -> !positions.containsKey(ledger))
                .toList();
        if (unknown.isEmpty()) {
            return;
        }
        cluster.send("POST", indices.all() + "/_refresh", "");
        for (LedgerId ledger : unknown) {
            long position = position(ledger);
            if (position > 0) {
                positions.put(ledger, position);
            }
        }
    }

    private long position(LedgerId ledger) throws IOException {
        JsonNode summary = search(ledger, Long.MAX_VALUE);
        long highest = (long)
                summary.path("aggregations").path("highest").path("value").asDouble(0);
        long count = summary.path("hits").path("total").path("value").asLong(0);
        if (count == highest) {
            return highest;
        }
        // Some are missing: they are below a sequence at which the count is less than the sequence. Search for it.
        long complete = 0;
        long incomplete = highest;
        while (incomplete - complete > 1) {
            long middle = (complete + incomplete) / 2;
            if (search(ledger, middle).path("hits").path("total").path("value").asLong(0) == middle) {
                complete = middle;
            } else {
                incomplete = middle;
            }
        }
        return complete;
    }

    private JsonNode search(LedgerId ledger, long upTo) throws IOException {
        String body = JSON.writeValueAsString(Map.of(
                "size",
                0,
                "track_total_hits",
                true,
                "query",
                Map.of(
                        "bool",
                        Map.of(
                                "filter",
                                List.of(
                                        Map.of("term", Map.of("daybook.ledger", ledger.value())),
                                        Map.of("range", Map.of("event.sequence", Map.of("lte", upTo)))))),
                "aggs",
                Map.of("highest", Map.of("max", Map.of("field", "event.sequence")))));
        return cluster.send("POST", indices.all() + "/_search", body);
    }
}
