package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.GenerationStore.Span;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Counts the documents that a generation has of events of ledgers. */
final class AuditCounts {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** So many events of a ledger are counted at a time. */
    private static final long PART = 1_000_000;

    private final AuditCluster cluster;
    private final AuditIndices indices;

    AuditCounts(AuditCluster cluster, AuditIndices indices) {
        this.cluster = cluster;
        this.indices = indices;
    }

    /** How many there are of each part of a journal, by one search. */
    Map<LedgerId, Long> documents(Map<LedgerId, Span> ledgers) throws IOException {
        List<Map<String, Object>> parts = ledgers.entrySet().stream()
                .map(ledger -> AuditEventQueries.all(List.of(
                        AuditEventQueries.ofLedger(ledger.getKey()),
                        AuditEventQueries.from(
                                ledger.getValue().after() + 1, ledger.getValue().upTo()))))
                .toList();
        String search = JSON.writeValueAsString(Map.of(
                "size",
                0,
                "query",
                Map.of("bool", Map.of("should", parts)),
                "aggs",
                Map.of("ledgers", Map.of("terms", Map.of("field", AuditField.LEDGER.path(), "size", ledgers.size())))));
        Map<LedgerId, Long> documents = new HashMap<>();
        for (JsonNode bucket : cluster.search(indices, search).at("/aggregations/ledgers/buckets")) {
            documents.put(
                    new LedgerId(bucket.path("key").asString()),
                    bucket.path("doc_count").asLong());
        }
        return documents;
    }

    Map<LedgerId, LedgerCount> count(Map<LedgerId, Long> heads, Pace pace) throws Exception {
        Map<LedgerId, Long> found = new HashMap<>();
        Map<LedgerId, Span> part = new HashMap<>();
        heads.keySet().forEach(ledger -> part.put(ledger, new Span(0, Math.min(PART, heads.get(ledger)))));
        while (!part.isEmpty()) {
            pace.ask(() -> documents(part)).forEach((ledger, documents) -> found.merge(ledger, documents, Long::sum));
            part.replaceAll((ledger, span) -> new Span(span.upTo(), Math.min(span.upTo() + PART, heads.get(ledger))));
            part.values().removeIf(span -> span.after() == span.upTo());
        }
        Map<LedgerId, LedgerCount> counts = new HashMap<>();
        heads.forEach((ledger, head) ->
                counts.put(ledger, LedgerCount.of("documents", found.getOrDefault(ledger, 0L), head)));
        return counts;
    }
}
