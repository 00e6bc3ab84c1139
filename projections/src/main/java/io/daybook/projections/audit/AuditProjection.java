package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.GapException;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts to Elasticsearch. A batch is one bulk request, or two at the same time; an event's ledger and sequence name its
 * document, so an event that comes again replaces itself. Elasticsearch has no transactions, so how far a ledger has come is
 * what its highest sequence says: it is asked for when the ledger is first met, and remembered from then on.
 */
final class AuditProjection implements Projection {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Fewer are sent as one request. Of more, two are sent at the same time: one index takes that, and neither is so large that
     * the other waits for it.
     */
    private static final int MIN_PARALLEL_EVENTS = 200;

    /**
     * What was recorded so short a time ago is new for a generation beside the live one too: nobody may have seen it in the
     * live one before they are exchanged.
     */
    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    private final AuditCluster cluster;
    private final AuditTemplates templates;
    private final BulkRequests bulk;
    private final KnownIndices known;
    private final AuditIndices indices;
    private final int format;
    private final Predicate<PublishedEvent> isNew;

    /** The names of the indices that are there, as far as is known here. */
    private Set<String> there = Set.of();

    private final Map<LedgerId, Long> positions = new HashMap<>();

    /**
     * @param format that of the generation whose indices these are
     * @param live whether it posts events as they happen
     */
    AuditProjection(AuditCluster cluster, KnownIndices known, AuditIndices indices, int format, boolean live) {
        this(cluster, known, indices, format, live ? event -> true : AuditProjection::isJustRecorded);
    }

    /**
     * @param isNew whether an event comes into the audit for the first time
     */
    AuditProjection(
            AuditCluster cluster,
            KnownIndices known,
            AuditIndices indices,
            int format,
            Predicate<PublishedEvent> isNew) {
        this.cluster = cluster;
        this.templates = new AuditTemplates(cluster);
        this.bulk = new BulkRequests(cluster);
        this.known = known;
        this.indices = indices;
        this.format = format;
        this.isNew = isNew;
    }

    static boolean isJustRecorded(PublishedEvent event) {
        return event.recorded().recordedAt().isAfter(Instant.now().minus(JUST_NOW));
    }

    @Override
    public String name() {
        return "audit";
    }

    /**
     * Installs the template of the indices, and gives those that are there the fields that have been added to it since;
     * both are the same each time. And all that were made must be there.
     */
    @Override
    public void prepare() throws IOException {
        templates.install(indices);
        requireThere(Set.of());
    }

    private void requireThere(Set<String> wanted) throws IOException {
        there = known.require(indices, wanted);
    }

    @Override
    public void apply(List<PublishedEvent> events) throws IOException {
        if (known.loss(indices) != null) {
            requireThere(Set.of());
        }
        List<PublishedEvent> unseen = unseen(events);
        if (unseen.isEmpty()) {
            return;
        }
        Map<LedgerId, String> refused;
        try {
            refused = index(unseen);
        } catch (IOException | RuntimeException e) {
            // Some of them may be there: what is known of these ledgers is what Elasticsearch says next time.
            Positions.ledgersOf(unseen).forEach(positions::remove);
            if (e instanceof IllegalStateException) {
                // One of two requests is refused as a whole: what the other has written is not left behind it.
                delete(unseen);
            }
            throw e;
        }
        requireNone(refused);
    }

    private static void requireNone(Map<LedgerId, String> refused) {
        if (!refused.isEmpty()) {
            throw new IllegalStateException(
                    "Elasticsearch refuses " + refused.values().iterator().next());
        }
    }

    @Override
    public boolean isOutage(Exception failure) {
        return failure instanceof IOException;
    }

    /**
     * Indexes events. Of a ledger of which one is refused, none after it is left in the index.
     *
     * @return what is refused of which ledgers
     */
    private Map<LedgerId, String> index(List<PublishedEvent> events) throws IOException {
        Set<String> wanted = events.stream().map(this::index).collect(Collectors.toSet());
        if (!there.containsAll(wanted)) {
            requireThere(wanted);
        }
        List<JsonNode> items = bulk.send(operations(events), events.size() < MIN_PARALLEL_EVENTS ? 1 : 2);
        Map<LedgerId, String> refused = new LinkedHashMap<>();
        List<PublishedEvent> behind = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            PublishedEvent event = events.get(i);
            JsonNode item = items.get(i).path("index");
            if (refused.containsKey(event.ledger())) {
                behind.add(event);
            } else if (item.has("error")) {
                refused.put(
                        event.ledger(),
                        "event " + event.sequence() + " of ledger " + event.ledger() + ": " + refusal(item));
            } else {
                positions.put(event.ledger(), event.sequence());
            }
        }
        if (!behind.isEmpty()) {
            delete(behind);
        }
        return refused;
    }

    private void delete(List<PublishedEvent> events) throws IOException {
        bulk.send(events.stream().map(event -> line("delete", event)).toList());
    }

    private String refusal(JsonNode item) throws IOException {
        JsonNode error = item.path("error");
        String reason = error.path("reason").asString("") + " "
                + error.at("/caused_by/reason").asString("");
        int status = item.path("status").asInt();
        if (status == AuditCluster.NOT_FOUND) {
            requireThere(Set.of());
        }
        if (!AuditCluster.isRefusal(status)) {
            throw new IOException("Elasticsearch cannot take events now: " + reason.strip());
        }
        return reason.strip();
    }

    /** That of the month in which the event was recorded, so that a repeat finds it again. */
    String index(PublishedEvent event) {
        return indices.at(event.recorded().recordedAt());
    }

    /** Neither the name of an index nor an id has what JSON escapes. */
    private String line(String action, PublishedEvent event) {
        return "{\"" + action + "\":{\"_index\":\"" + index(event) + "\",\"_id\":\"" + EventDocument.id(event, format)
                + "\"}}\n";
    }

    private List<PublishedEvent> unseen(List<PublishedEvent> events) throws IOException {
        Set<LedgerId> ledgers = Positions.ledgersOf(events);
        learnPositions(ledgers);
        try {
            return Positions.newOf(events, positions);
        } catch (GapException e) {
            // Somebody else may have posted the missing ones meanwhile: another node, or a repair.
            ledgers.forEach(positions::remove);
            learnPositions(ledgers);
            return Positions.newOf(events, positions);
        }
    }

    private List<String> operations(List<PublishedEvent> events) {
        return events.stream()
                .map(event -> line("index", event)
                        + JSON.writeValueAsString(EventDocument.of(event, isNew.test(event)))
                        + '\n')
                .toList();
    }

    /** Writes them, whatever is there. */
    void write(List<PublishedEvent> events) throws IOException {
        requireNone(index(events));
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
        // What is lost would be taken for what was never there.
        requireThere(Set.of());
        cluster.refresh(indices);
        for (LedgerId ledger : unknown) {
            long position = position(cluster, indices, ledger);
            if (position > 0) {
                positions.put(ledger, position);
            }
        }
    }

    /** How far a ledger is complete; what was written just now may not be seen yet. */
    static long position(AuditCluster cluster, AuditIndices indices, LedgerId ledger) throws IOException {
        JsonNode summary = search(cluster, indices, ledger, Long.MAX_VALUE);
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
            if (search(cluster, indices, ledger, middle)
                            .path("hits")
                            .path("total")
                            .path("value")
                            .asLong(0)
                    == middle) {
                complete = middle;
            } else {
                incomplete = middle;
            }
        }
        return complete;
    }

    private static JsonNode search(AuditCluster cluster, AuditIndices indices, LedgerId ledger, long upTo)
            throws IOException {
        String body = JSON.writeValueAsString(Map.of(
                "size",
                0,
                "track_total_hits",
                true,
                "query",
                AuditEventQueries.all(List.of(AuditEventQueries.ofLedger(ledger), AuditEventQueries.upTo(upTo))),
                "aggs",
                Map.of("highest", Map.of("max", Map.of("field", AuditField.SEQUENCE.path())))));
        return cluster.search(indices, body);
    }
}
