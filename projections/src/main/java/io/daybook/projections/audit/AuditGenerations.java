package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.LedgerSample;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.StoreLossException;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Generations of the audit have indices of their own; an alias is moved from the one to the other. */
final class AuditGenerations implements GenerationStore {

    /** 2: documents are named by ledger and sequence, and have the words by which they are found. */
    private static final int FORMAT = 2;

    /** How many examples of a fault or a difference are told. */
    static final int EXAMPLES = 5;

    /** How many ledgers are asked for at a time. */
    private static final int PAGE = 1_000;

    private final AuditCluster cluster;
    private final AuditAlias alias;
    private final KnownIndices known;
    private final String prefix;
    private volatile @Nullable AuditIndices served;

    AuditGenerations(AuditCluster cluster, KnownIndices known, String prefix) {
        this.cluster = cluster;
        this.alias = new AuditAlias(cluster);
        this.known = known;
        this.prefix = prefix;
    }

    @Override
    public String projection() {
        return "audit";
    }

    @Override
    public int format() {
        return FORMAT;
    }

    @Override
    public Projection posting(Generation generation, Role role) {
        return new AuditProjection(
                cluster, known, AuditIndices.of(prefix, generation.number()), generation.format(), role == Role.LIVE);
    }

    /** There is an index from the start: what cannot be found for want of one is lost, and not still to come. */
    @Override
    public void serve(int generation) throws IOException {
        AuditIndices indices = AuditIndices.of(prefix, generation);
        served = indices;
        try {
            if (known.require(indices, Set.of()).isEmpty()) {
                known.require(indices, Set.of(indices.at(Instant.now())));
            }
            alias.serve(indices);
        } catch (StoreLossException e) {
            // The rest of it would look like all of it. What was lost is told by loss().
            alias.withdraw(indices.alias());
        }
    }

    @Override
    public @Nullable String loss() {
        AuditIndices live = served;
        return live == null ? null : known.loss(live);
    }

    @Override
    public void drop(int generation) throws IOException {
        AuditIndices indices = AuditIndices.of(prefix, generation);
        alias.drop(indices);
        known.forget(indices);
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
    public Map<LedgerId, Long> positions(int generation, Role role) throws IOException {
        Map<LedgerId, Long> positions = new HashMap<>();
        ledgers(generation).forEach((ledger, events) -> positions.put(new LedgerId(ledger), events.last()));
        return positions;
    }

    @Override
    public long position(int generation, Role role, LedgerId ledger) throws IOException {
        AuditIndices indices = AuditIndices.of(prefix, generation);
        cluster.refresh(indices);
        return AuditProjection.position(cluster, indices, ledger);
    }

    /** As many as there are documents of: if none is missing, that is how far. */
    @Override
    public Map<LedgerId, Long> reached(Generation generation, Map<LedgerId, Span> ledgers) throws IOException {
        Map<LedgerId, Long> documents =
                new AuditCounts(cluster, AuditIndices.of(prefix, generation.number())).documents(ledgers);
        Map<LedgerId, Long> reached = new HashMap<>();
        ledgers.forEach((ledger, span) -> reached.put(ledger, span.after() + documents.getOrDefault(ledger, 0L)));
        return reached;
    }

    @Override
    public Map<LedgerId, LedgerCount> count(
            Generation generation, Map<LedgerId, Long> heads, LedgerAccounts accounts, Pace pace) throws Exception {
        return new AuditCounts(cluster, AuditIndices.of(prefix, generation.number())).count(heads, pace);
    }

    @Override
    public LedgerRepair repair(Generation generation, LedgerId ledger) {
        return new AuditRepair(
                cluster, known, AuditIndices.of(prefix, generation.number()), generation.format(), ledger);
    }

    /** Its events are those that were recorded. What accounts have is not in the audit. */
    @Override
    public List<String> faults(int generation, LedgerSample sample) throws IOException {
        Map<Long, String> missing = new TreeMap<>(sample.hashes());
        List<Long> sequences = List.copyOf(missing.keySet());
        for (int first = 0; first < sequences.size(); first += PAGE) {
            List<Long> page = sequences.subList(first, Math.min(sequences.size(), first + PAGE));
            String search = JsonMapper.shared()
                    .writeValueAsString(Map.of(
                            "size",
                            PAGE,
                            "query",
                            AuditEventQueries.all(
                                    List.of(AuditEventQueries.ofLedger(sample.ledger()), AuditEventQueries.at(page)))));
            JsonNode found = cluster.search(AuditIndices.of(prefix, generation), search);
            for (JsonNode hit : found.at("/hits/hits")) {
                JsonNode document = hit.path("_source");
                missing.remove(
                        AuditField.SEQUENCE.in(document).asLong(),
                        AuditField.HASH.in(document).asString());
            }
        }
        return missing.keySet().stream()
                .limit(EXAMPLES)
                .map(sequence ->
                        "ledger " + sample.ledger() + ": event " + sequence + " is not the one that was recorded")
                .toList();
    }

    @Override
    public Comparison compare(Generation live, Generation aside) throws IOException {
        return new AuditComparison(
                cluster,
                AuditIndices.of(prefix, live.number()),
                AuditIndices.of(prefix, aside.number()),
                live.format() == aside.format());
    }

    private record Events(long count, long last) {}

    private Map<String, Events> ledgers(int generation) throws IOException {
        AuditIndices indices = AuditIndices.of(prefix, generation);
        cluster.refresh(indices);
        Map<String, Events> ledgers = new LinkedHashMap<>();
        String after = "";
        while (true) {
            JsonNode found = cluster.search(
                            indices, """
                    {"size": 0, "aggs": {"ledgers": {
                      "composite": {"size": %d, "sources": [{"ledger": {"terms": {"field": "%s"}}}]%s},
                      "aggs": {"last": {"max": {"field": "%s"}}}}}}
                    """.formatted(PAGE, AuditField.LEDGER.path(), after, AuditField.SEQUENCE.path()))
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
