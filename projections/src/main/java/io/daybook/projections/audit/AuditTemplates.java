package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import io.daybook.stores.audit.AuditIndices;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The templates that indices are made by, and the policies of those that are there. */
final class AuditTemplates {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TEMPLATE = "_index_template/";

    /** How a call is refused that a distribution does not have. */
    private static final Set<Integer> UNKNOWN_CALL = Set.of(400, AuditCluster.NOT_FOUND, 405, 410);

    private final AuditCluster cluster;

    AuditTemplates(AuditCluster cluster) {
        this.cluster = cluster;
    }

    /** Installs the template of indices that are not live, unless there is one, and brings their mappings to its form. */
    void install(AuditIndices indices) throws IOException {
        boolean live = indices.areOfFirstGeneration();
        JsonNode installed = installed(indices);
        putTemplate(indices, installed == null ? live : installed.has("aliases"));
        putMapping(indices.all(), template(AuditKind.EVENTS));
    }

    /** That of indices; null if there is none. */
    private @Nullable JsonNode installed(AuditIndices indices) throws IOException {
        JsonNode template = cluster.find(TEMPLATE + indices.before()).at("/index_templates/0/index_template/template");
        return template.isMissingNode() ? null : template;
    }

    /**
     * @param live whether new indices are found under the alias
     */
    void putTemplate(AuditIndices indices, boolean live) throws IOException {
        ObjectNode template = template(AuditKind.EVENTS);
        if (live) {
            ((ObjectNode) template.path("template")).putObject("aliases").putObject(indices.alias());
        }
        // In place of one that was deleted, another would come by itself, and look as if nothing had been lost.
        template.put("allow_auto_create", false);
        putTemplate(indices.before(), indices.all(), template, AuditKind.EVENTS, indices.alias());
    }

    /**
     * @param policy the name of that of these indices, where the cluster has policies
     */
    private void putTemplate(String name, String pattern, ObjectNode template, AuditKind kind, String policy)
            throws IOException {
        template.putArray("index_patterns").add(pattern);
        ObjectNode settings = (ObjectNode) template.at("/template/settings");
        // A single node could never give a replica a place.
        JsonNode health = cluster.send("GET", "_cluster/health", "");
        settings.put("number_of_replicas", health.path("number_of_data_nodes").asInt(1) > 1 ? "1" : "0");
        if (hasLifecycles()) {
            // A policy that is there may have been changed by who runs the cluster.
            if (cluster.find("_ilm/policy/" + policy).isEmpty()) {
                cluster.send("PUT", "_ilm/policy/" + policy, kind.lifecycle());
            }
            settings.put("index.lifecycle.name", policy);
        }
        cluster.send("PUT", TEMPLATE + name, template.toString());
    }

    /** Whether the cluster takes care of indices by policies. Not every distribution does. */
    boolean hasLifecycles() throws IOException {
        try {
            return cluster.send("GET", "_ilm/status", "").has("operation_mode");
        } catch (ResponseException e) {
            if (UNKNOWN_CALL.contains(e.getResponse().getStatusCode())) {
                return false;
            }
            throw e;
        }
    }

    /** Installs the template of a data stream, and brings the mapping of the stream to its form if it is there. */
    void installStream(String name, AuditKind kind) throws IOException {
        putTemplate(name, name, template(kind), kind, name);
        if (!cluster.find(name + "/_mapping").isEmpty()) {
            putMapping(name, template(kind));
        }
    }

    private void putMapping(String indices, ObjectNode template) throws IOException {
        cluster.send(
                "PUT", indices + "/_mapping", template.at("/template/mappings").toString());
    }

    private static ObjectNode template(AuditKind kind) {
        return (ObjectNode) JSON.readTree(kind.template());
    }

    /** Removes that of indices, if there is one. */
    void drop(AuditIndices indices) throws IOException {
        if (installed(indices) != null) {
            cluster.send("DELETE", TEMPLATE + indices.before(), "");
        }
    }
}
