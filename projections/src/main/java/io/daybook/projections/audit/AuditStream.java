package io.daybook.projections.audit;

import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A data stream of the audit, whose documents are added once and never changed. */
final class AuditStream {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CONFLICT = 409;

    private final AuditTemplates templates;
    private final BulkRequests bulk;
    private final String name;
    private final AuditKind kind;

    /**
     * @param prefix that of the installation's indices
     */
    AuditStream(AuditCluster cluster, String prefix, AuditKind kind) {
        this.templates = new AuditTemplates(cluster);
        this.bulk = new BulkRequests(cluster);
        this.name = kind.named(prefix);
        this.kind = kind;
    }

    /** Installs its template, and gives what is there the fields that have been added since; both are the same each time. */
    void prepare() throws IOException {
        templates.installStream(name, kind);
    }

    /**
     * Adds documents by one bulk request; those that are there already stay as they are.
     *
     * @param documents by their ids
     * @throws IOException if Elasticsearch is away
     * @throws IllegalStateException if it does not take all of them
     */
    void add(Map<String, ? extends Map<String, Object>> documents) throws IOException {
        if (documents.isEmpty()) {
            return;
        }
        List<String> operations = new ArrayList<>();
        documents.forEach((id, document) ->
                operations.add(JSON.writeValueAsString(Map.of("create", Map.of("_index", name, "_id", id)))
                        + '\n'
                        + JSON.writeValueAsString(document)
                        + '\n'));
        for (JsonNode item : bulk.send(operations)) {
            JsonNode created = item.path("create");
            if (created.has("error") && created.path("status").asInt() != CONFLICT) {
                throw new IllegalStateException("Elasticsearch refused document "
                        + created.path("_id").asString() + " of " + name + ": " + created.path("error"));
            }
        }
    }
}
