package io.daybook.projections.audit;

import io.daybook.projections.projection.Comparison;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Compares every document of two generations of the audit, as they were when this was made. */
final class AuditComparison implements Comparison {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PAGE = 1_000;
    private static final String KEEP_ALIVE = "5m";

    private final Documents live;
    private final Documents aside;

    /**
     * @param withWords whether the words of documents are compared, which they have in one format only
     */
    AuditComparison(AuditCluster cluster, AuditIndices live, AuditIndices aside, boolean withWords) throws IOException {
        this.live = new Documents(cluster, live, withWords);
        try {
            this.aside = new Documents(cluster, aside, withWords);
        } catch (IOException | RuntimeException e) {
            this.live.close();
            throw e;
        }
    }

    @Override
    public List<String> differences() throws IOException {
        List<String> differences = new ArrayList<>();
        Document one = live.next();
        Document other = aside.next();
        while ((one != null || other != null) && differences.size() < AuditGenerations.EXAMPLES) {
            int order = one == null ? 1 : other == null ? -1 : Document.ORDER.compare(one, other);
            if (order < 0) {
                differences.add(one + " is in the live audit only");
            } else if (order > 0) {
                differences.add(other + " is in the new audit only");
            } else if (!one.says().equals(other.says())) {
                differences.add(one + " is not the same in both");
            }
            one = order <= 0 ? live.next() : one;
            other = order >= 0 ? aside.next() : other;
        }
        return differences;
    }

    @Override
    public void close() throws IOException {
        try (Documents closed = aside) {
            live.close();
        }
    }

    /**
     * An event.
     *
     * @param says all but when it was indexed, and perhaps its words
     */
    private record Document(String ledger, long sequence, JsonNode says) {

        static final Comparator<Document> ORDER =
                Comparator.comparing(Document::ledger).thenComparing(Document::sequence);

        static Document of(ObjectNode source, boolean withWords) {
            AuditField.INGESTED.removeFrom(source);
            AuditField.LAG_MILLIS.removeFrom(source);
            if (!withWords) {
                AuditField.WORDS.removeFrom(source);
            }
            return new Document(
                    AuditField.LEDGER.in(source).asString(),
                    AuditField.SEQUENCE.in(source).asLong(),
                    source);
        }

        @Override
        public String toString() {
            return "event " + sequence + " of ledger " + ledger;
        }
    }

    /** Those of a generation at a point in time, in their order. */
    private static final class Documents implements AutoCloseable {

        private final AuditCluster cluster;
        private final boolean withWords;
        private final Queue<Document> page = new ArrayDeque<>();
        private String pointInTime;
        private @Nullable JsonNode after;
        private boolean isLast;

        Documents(AuditCluster cluster, AuditIndices indices, boolean withWords) throws IOException {
            this.cluster = cluster;
            this.withWords = withWords;
            cluster.refresh(indices);
            this.pointInTime = cluster.openPointInTime(indices, KEEP_ALIVE);
        }

        @Nullable Document next() throws IOException {
            if (page.isEmpty() && !isLast) {
                read();
            }
            return page.poll();
        }

        private void read() throws IOException {
            ObjectNode search = JSON.createObjectNode().put("size", PAGE).put("track_total_hits", false);
            search.putObject("pit").put("id", pointInTime).put("keep_alive", KEEP_ALIVE);
            search.putArray("sort").add(AuditField.LEDGER.path()).add(AuditField.SEQUENCE.path());
            if (after != null) {
                search.set("search_after", after);
            }
            JsonNode found = cluster.send("POST", "_search", search.toString());
            pointInTime = found.path("pit_id").asString();
            for (JsonNode hit : found.at("/hits/hits")) {
                page.add(Document.of((ObjectNode) hit.path("_source"), withWords));
                after = hit.path("sort");
            }
            isLast = page.size() < PAGE;
        }

        @Override
        public void close() throws IOException {
            cluster.send("DELETE", "_pit", JSON.writeValueAsString(Map.of("id", pointInTime)));
        }
    }
}
