package io.daybook.projections.audit;

import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.Projection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Generations of the audit have indices of their own; an alias is moved from the one to the other. */
final class AuditGenerations implements GenerationStore {

    private static final int EXAMPLES = 5;

    /** How many ledgers are asked for at a time. */
    private static final int PAGE = 1_000;

    private final AuditCluster cluster;
    private final String prefix;

    AuditGenerations(AuditCluster cluster, String prefix) {
        this.cluster = cluster;
        this.prefix = prefix;
    }

    @Override
    public String projection() {
        return "audit";
    }

    @Override
    public Projection posting(int generation, Role role) {
        return new AuditProjection(cluster, AuditIndices.of(prefix, generation), role == Role.LIVE);
    }

    @Override
    public void serve(int generation) throws IOException {
        cluster.serve(AuditIndices.of(prefix, generation));
    }

    @Override
    public void drop(int generation) throws IOException {
        cluster.drop(AuditIndices.of(prefix, generation));
    }

    /** As many events of each ledger as its last one's sequence. */
    @Override
    public List<String> faults(int generation) throws IOException {
        List<String> faults = new ArrayList<>();
        ledgers(generation).forEach((ledger, events) -> {
            if (events.count() != events.last() && faults.size() < EXAMPLES) {
                faults.add(
                        "ledger " + ledger + ": its last event is " + events.last() + ", but it has " + events.count());
            }
        });
        return faults;
    }

    @Override
    public List<String> differences(int live, int aside) throws IOException {
        Map<String, Events> inLive = ledgers(live);
        Map<String, Events> inAside = ledgers(aside);
        TreeSet<String> ledgers = new TreeSet<>(inLive.keySet());
        ledgers.addAll(inAside.keySet());
        return ledgers.stream()
                .filter(ledger ->
                        !inLive.getOrDefault(ledger, Events.NONE).equals(inAside.getOrDefault(ledger, Events.NONE)))
                .limit(EXAMPLES)
                .map(ledger -> "events of ledger " + ledger + ": live "
                        + inLive.getOrDefault(ledger, Events.NONE).count() + ", new "
                        + inAside.getOrDefault(ledger, Events.NONE).count())
                .toList();
    }

    private record Events(long count, long last) {
        static final Events NONE = new Events(0, 0);
    }

    private Map<String, Events> ledgers(int generation) throws IOException {
        AuditIndices indices = AuditIndices.of(prefix, generation);
        cluster.send("POST", indices.all() + "/_refresh", "");
        Map<String, Events> ledgers = new LinkedHashMap<>();
        String after = "";
        while (true) {
            JsonNode found = cluster.send("POST", indices.all() + "/_search", """
                    {"size": 0, "aggs": {"ledgers": {
                      "composite": {"size": %d, "sources": [{"ledger": {"terms": {"field": "daybook.ledger"}}}]%s},
                      "aggs": {"last": {"max": {"field": "event.sequence"}}}}}}
                    """.formatted(PAGE, after))
                    .path("aggregations")
                    .path("ledgers");
            for (JsonNode bucket : found.path("buckets")) {
                ledgers.put(
                        bucket.at("/key/ledger").asString(),
                        new Events(bucket.path("doc_count").asLong(), (long)
                                bucket.at("/last/value").asDouble()));
            }
            if (!found.has("after_key")) {
                return ledgers;
            }
            after = ", \"after\": " + found.path("after_key");
        }
    }
}
