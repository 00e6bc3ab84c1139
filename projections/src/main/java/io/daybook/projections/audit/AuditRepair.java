package io.daybook.projections.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A ledger of the audit. Each event replaces itself where it is, and what else is said to be in its place is deleted; so
 * nothing is missing meanwhile, and it can begin with any event.
 */
final class AuditRepair implements LedgerRepair {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FOUND_AT_ONCE = 1_000;

    private final AuditCluster cluster;
    private final BulkRequests bulk;
    private final AuditIndices indices;
    private final int format;
    private final LedgerId ledger;
    private final AuditProjection projection;

    /** The ids of those events of a batch that are in the audit already. */
    private Set<String> there = Set.of();

    /**
     * @param format that of the generation whose indices these are
     */
    AuditRepair(AuditCluster cluster, KnownIndices known, AuditIndices indices, int format, LedgerId ledger) {
        this.cluster = cluster;
        this.bulk = new BulkRequests(cluster);
        this.indices = indices;
        this.format = format;
        this.ledger = ledger;
        this.projection = new AuditProjection(cluster, known, indices, format, this::isNew);
    }

    /** What was parked is, what it replaces is not. */
    private boolean isNew(PublishedEvent event) {
        return !there.contains(id(event)) || AuditProjection.isJustRecorded(event);
    }

    private String id(PublishedEvent event) {
        return EventDocument.id(event, format);
    }

    @Override
    public long begin(long after) throws IOException {
        projection.prepare();
        return after;
    }

    @Override
    public void post(List<PublishedEvent> events) throws IOException {
        Map<String, List<String>> right =
                events.stream().collect(groupingBy(projection::index, mapping(this::id, toList())));
        Map<String, Object> sequences = AuditEventQueries.from(
                events.getFirst().sequence(), events.getLast().sequence());
        delete(Map.of(
                "bool",
                Map.of(
                        "filter",
                        List.of(AuditEventQueries.ofLedger(ledger), sequences),
                        "must_not",
                        List.of(at(right)))));
        there = there(right);
        projection.write(events);
    }

    private Set<String> there(Map<String, List<String>> idsByIndex) throws IOException {
        int most = idsByIndex.values().stream().mapToInt(List::size).sum();
        String search = JSON.writeValueAsString(Map.of("size", most, "_source", false, "query", at(idsByIndex)));
        Set<String> ids = new HashSet<>();
        cluster.search(indices, search)
                .at("/hits/hits")
                .forEach(hit -> ids.add(hit.path("_id").asString()));
        return ids;
    }

    @Override
    public void finish(long last) throws IOException {
        delete(Map.of(
                "bool",
                Map.of(
                        "filter",
                        List.of(AuditEventQueries.ofLedger(ledger)),
                        "must_not",
                        List.of(AuditEventQueries.from(RecordedEvent.FIRST_SEQUENCE, last)))));
        cluster.refresh(indices);
    }

    private static Map<String, Object> at(Map<String, List<String>> idsByIndex) {
        List<Map<String, ?>> each = new ArrayList<>();
        idsByIndex.forEach((index, ids) -> each.add(Map.of(
                "bool",
                Map.of(
                        "filter",
                        List.of(Map.of("term", Map.of("_index", index)), Map.of("ids", Map.of("values", ids)))))));
        return Map.of("bool", Map.of("should", each));
    }

    private void delete(Map<String, Object> query) throws IOException {
        String search = JSON.writeValueAsString(Map.of("size", FOUND_AT_ONCE, "_source", false, "query", query));
        while (true) {
            cluster.refresh(indices);
            JsonNode hits = cluster.search(indices, search).at("/hits/hits");
            if (hits.isEmpty()) {
                return;
            }
            List<String> deletions = new ArrayList<>();
            for (JsonNode hit : hits) {
                deletions.add(JSON.writeValueAsString(Map.of(
                                "delete",
                                Map.of(
                                        "_index", hit.path("_index").asString(),
                                        "_id", hit.path("_id").asString())))
                        + '\n');
            }
            if (bulk.send(deletions).stream()
                    .anyMatch(item -> item.path("delete").has("error"))) {
                throw new IOException("Elasticsearch does not delete what is in the place of events of " + ledger);
            }
        }
    }
}
