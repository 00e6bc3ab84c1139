package io.daybook.projections.audit;

import io.daybook.axon.RequestRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The data stream of requests in Elasticsearch. */
final class RequestStream {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CONFLICT = 409;

    private final AuditCluster cluster;
    private final String name;

    /**
     * @param prefix that of the installation's indices
     */
    RequestStream(AuditCluster cluster, String prefix) {
        this.cluster = cluster;
        this.name = prefix + "-requests";
    }

    /** Installs its template, and gives what is there the fields that have been added since; both are the same each time. */
    void prepare() throws IOException {
        cluster.installStream(name);
    }

    /**
     * Adds requests by one bulk request; those that are there already stay as they are.
     *
     * @throws IOException if Elasticsearch is away
     * @throws IllegalStateException if it does not take all of them
     */
    void add(List<RequestRecord> requests) throws IOException {
        if (requests.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (RequestRecord request : requests) {
            lines.append(JSON.writeValueAsString(Map.of("create", Map.of("_index", name, "_id", request.id()))))
                    .append('\n')
                    .append(JSON.writeValueAsString(RequestDocument.of(request)))
                    .append('\n');
        }
        JsonNode answer = cluster.bulk(lines.toString());
        for (JsonNode item : answer.path("items")) {
            JsonNode created = item.path("create");
            if (created.has("error") && created.path("status").asInt() != CONFLICT) {
                throw new IllegalStateException("Elasticsearch refused request "
                        + created.path("_id").asString() + ": " + created.path("error"));
            }
        }
        if (answer.path("items").size() != requests.size()) {
            throw new IllegalStateException("Elasticsearch answered a bulk request with something else: " + answer);
        }
    }
}
