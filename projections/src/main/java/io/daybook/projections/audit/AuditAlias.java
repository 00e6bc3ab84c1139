package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The indices of generations, and the alias that names those of the live one. */
final class AuditAlias {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final AuditCluster cluster;
    private final AuditTemplates templates;

    AuditAlias(AuditCluster cluster) {
        this.cluster = cluster;
        this.templates = new AuditTemplates(cluster);
    }

    /** The ids that Elasticsearch has given the indices that are there, by their names. */
    Map<String, String> ids(AuditIndices indices) throws IOException {
        Map<String, String> ids = new HashMap<>();
        cluster.find(indices.all() + "/_settings/index.uuid")
                .properties()
                .forEach(index -> ids.put(
                        index.getKey(),
                        index.getValue().at("/settings/index/uuid").asString()));
        return ids;
    }

    /** Makes an index; it makes no difference if another node has made it meanwhile. */
    void make(AuditIndices indices, String index) throws IOException {
        // Without its template it would have neither the fields nor the alias.
        templates.install(indices);
        try {
            cluster.send("PUT", index, "");
        } catch (ResponseException e) {
            if (!ids(indices).containsKey(index)) {
                throw e;
            }
        }
    }

    /** Has the alias name these indices, and no others, at once. */
    void serve(AuditIndices indices) throws IOException {
        List<String> own = indices(indices.all());
        List<String> others = new ArrayList<>(indices(indices.alias()));
        List<String> hidden = new ArrayList<>(own);
        hidden.removeAll(others);
        others.removeAll(own);
        if (others.isEmpty() && hidden.isEmpty()) {
            return;
        }
        templates.putTemplate(indices, true);
        alias(indices.alias(), hidden, others);
        for (String index : others) {
            templates.putTemplate(indices.beside(index), false);
        }
    }

    /** Has an alias name nothing. */
    void withdraw(String alias) throws IOException {
        alias(alias, List.of(), indices(alias));
    }

    private void alias(String alias, List<String> added, List<String> removed) throws IOException {
        List<Map<String, Object>> actions = new ArrayList<>();
        added.forEach(index -> actions.add(Map.of("add", Map.of("index", index, "alias", alias))));
        removed.forEach(index -> actions.add(Map.of("remove", Map.of("index", index, "alias", alias))));
        if (!actions.isEmpty()) {
            cluster.send("POST", "_aliases", JSON.writeValueAsString(Map.of("actions", actions)));
        }
    }

    /** The names of the indices that this is an alias or a pattern of. */
    private List<String> indices(String name) throws IOException {
        return List.copyOf(cluster.find(name + "/_alias").propertyNames());
    }

    /** Deletes indices, and what more of them would be made by. */
    void drop(AuditIndices indices) throws IOException {
        for (String index : indices(indices.all())) {
            cluster.send("DELETE", index, "");
        }
        templates.drop(indices);
    }
}
