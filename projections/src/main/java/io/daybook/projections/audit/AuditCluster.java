package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Elasticsearch, as the audit uses it. */
final class AuditCluster {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final ContentType LINES = ContentType.create("application/x-ndjson", StandardCharsets.UTF_8);
    private static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

    /** The pauses before it is tried again to send what there was no room for: 3 s altogether, give or take the jitter. */
    private static final ExponentialBackOff NO_ROOM = new ExponentialBackOff(100, 2);

    static {
        NO_ROOM.setMaxAttempts(5);
        NO_ROOM.setJitter(50);
    }

    /** How a call is refused that a distribution does not have. */
    private static final Set<Integer> UNKNOWN_CALL = Set.of(400, NOT_FOUND, 405, 410);

    private static final String EVENTS_TEMPLATE = "events-template.json";
    private static final String EVENTS_LIFECYCLE = "events-lifecycle.json";
    private static final String STREAMS_LIFECYCLE = "streams-lifecycle.json";

    private final Rest5Client client;

    AuditCluster(Rest5Client client) {
        this.client = client;
    }

    /** Installs the template of indices that are not live, unless there is one, and brings their mappings to its form. */
    void install(AuditIndices indices) throws IOException {
        boolean live = indices.before().equals(indices.alias());
        JsonNode installed = installed(indices);
        putTemplate(indices, installed == null ? live : installed.has("aliases"));
        send(
                "PUT",
                indices.all() + "/_mapping",
                resource(EVENTS_TEMPLATE).at("/template/mappings").toString());
    }

    private @Nullable JsonNode installed(AuditIndices indices) throws IOException {
        JsonNode template =
                find("_index_template/" + indices.before()).at("/index_templates/0/index_template/template");
        return template.isMissingNode() ? null : template;
    }

    /**
     * @param live whether new indices are found under the alias
     */
    private void putTemplate(AuditIndices indices, boolean live) throws IOException {
        ObjectNode template = resource(EVENTS_TEMPLATE);
        if (live) {
            ((ObjectNode) template.path("template")).putObject("aliases").putObject(indices.alias());
        }
        // In place of one that was deleted, another would come by itself, and look as if nothing had been lost.
        template.put("allow_auto_create", false);
        putTemplate(indices.before(), indices.all(), template, EVENTS_LIFECYCLE, indices.alias());
    }

    /**
     * @param lifecycle the file of the policy for these indices, where the cluster has policies
     * @param policy its name
     */
    private void putTemplate(String name, String pattern, ObjectNode template, String lifecycle, String policy)
            throws IOException {
        template.putArray("index_patterns").add(pattern);
        ObjectNode settings = (ObjectNode) template.at("/template/settings");
        // A single node could never give a replica a place.
        JsonNode health = send("GET", "_cluster/health", "");
        settings.put("number_of_replicas", health.path("number_of_data_nodes").asInt(1) > 1 ? "1" : "0");
        if (hasLifecycles()) {
            // A policy that is there may have been changed by who runs the cluster.
            if (find("_ilm/policy/" + policy).isEmpty()) {
                send("PUT", "_ilm/policy/" + policy, resource(lifecycle).toString());
            }
            settings.put("index.lifecycle.name", policy);
        }
        send("PUT", "_index_template/" + name, template.toString());
    }

    /** Whether the cluster takes care of indices by policies. Not every distribution does. */
    boolean hasLifecycles() throws IOException {
        try {
            return send("GET", "_ilm/status", "").has("operation_mode");
        } catch (ResponseException e) {
            if (UNKNOWN_CALL.contains(e.getResponse().getStatusCode())) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Installs the template of a data stream, and brings the mapping of the stream to its form if it is there.
     *
     * @param kind what is in it: the file of its template begins so
     */
    void installStream(String name, String kind) throws IOException {
        ObjectNode template = resource(kind + "-template.json");
        putTemplate(name, name, template, STREAMS_LIFECYCLE, name);
        if (!find(name + "/_mapping").isEmpty()) {
            send("PUT", name + "/_mapping", template.at("/template/mappings").toString());
        }
    }

    private static ObjectNode resource(String name) throws IOException {
        try (InputStream file = AuditCluster.class.getResourceAsStream("/elasticsearch/" + name)) {
            return (ObjectNode) JSON.readTree(file);
        }
    }

    /** The ids that Elasticsearch has given the indices that are there, by their names. */
    Map<String, String> ids(AuditIndices indices) throws IOException {
        Map<String, String> ids = new HashMap<>();
        find(indices.all() + "/_settings/index.uuid")
                .properties()
                .forEach(index -> ids.put(
                        index.getKey(),
                        index.getValue().at("/settings/index/uuid").asString()));
        return ids;
    }

    /** Makes an index; it makes no difference if another node has made it meanwhile. */
    void make(AuditIndices indices, String index) throws IOException {
        // Without its template it would have neither the fields nor the alias.
        install(indices);
        try {
            send("PUT", index, "");
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
        putTemplate(indices, true);
        alias(indices.alias(), hidden, others);
        for (String index : others) {
            putTemplate(new AuditIndices(indices.alias(), index.substring(0, index.lastIndexOf('-'))), false);
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
            send("POST", "_aliases", JSON.writeValueAsString(Map.of("actions", actions)));
        }
    }

    /** The names of the indices that this is an alias or a pattern of. */
    private List<String> indices(String name) throws IOException {
        return List.copyOf(find(name + "/_alias").propertyNames());
    }

    /** An empty object if it is not there. */
    private JsonNode find(String path) throws IOException {
        try {
            return send("GET", path, "");
        } catch (ResponseException e) {
            if (e.getResponse().getStatusCode() == NOT_FOUND) {
                return JSON.createObjectNode();
            }
            throw e;
        }
    }

    void drop(AuditIndices indices) throws IOException {
        for (String index : indices(indices.all())) {
            send("DELETE", index, "");
        }
        if (installed(indices) != null) {
            send("DELETE", "_index_template/" + indices.before(), "");
        }
    }

    /**
     * Sends operations by one bulk request.
     *
     * @see #bulk(List, int)
     */
    List<JsonNode> bulk(List<String> operations) throws IOException {
        return bulk(operations, 1);
    }

    /**
     * Sends operations by bulk requests at the same time. What Elasticsearch has no room for is sent again after a pause, and
     * nothing else is.
     *
     * @param operations each with its lines
     * @param requests how many share them
     * @return what was answered to each, no more of it than is asked for
     * @throws IOException if Elasticsearch is away, or has no room for some of them for longer than it is worth waiting here
     * @throws IllegalStateException if a request is refused as a whole, and would be again
     */
    List<JsonNode> bulk(List<String> operations, int requests) throws IOException {
        JsonNode[] answers = new JsonNode[operations.size()];
        List<Integer> left = IntStream.range(0, operations.size()).boxed().toList();
        BackOffExecution pauses = NO_ROOM.start();
        while (!left.isEmpty()) {
            left = send(operations, left, requests, answers);
            if (!left.isEmpty()) {
                pause(pauses, left.size());
            }
        }
        return List.of(answers);
    }

    private static void pause(BackOffExecution pauses, int left) throws IOException {
        long millis = pauses.nextBackOff();
        if (millis == BackOffExecution.STOP) {
            throw new IOException("Elasticsearch has no room for " + left
                    + " operations of a bulk request (status 429), also after a while; they are tried again. If that goes"
                    + " on, it needs more memory, or more nodes");
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while Elasticsearch had no room for a bulk request");
        }
    }

    /**
     * Sends some of the operations.
     *
     * @param which their places
     * @param answers in these places
     * @return the places of those that Elasticsearch has no room for
     */
    private List<Integer> send(List<String> operations, List<Integer> which, int requests, JsonNode[] answers)
            throws IOException {
        int size = Math.ceilDiv(which.size(), requests);
        List<List<Integer>> parts = IntStream.range(0, Math.ceilDiv(which.size(), size))
                .mapToObj(part -> which.subList(part * size, Math.min(which.size(), (part + 1) * size)))
                .toList();
        List<CompletableFuture<Response>> responses = parts.stream()
                .map(part -> sendBulk(part.stream().map(operations::get).collect(Collectors.joining())))
                .toList();
        // Until the last: what is still on its way must not come after what is sent next.
        CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> done)
                .join();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<Integer> part = parts.get(i);
            JsonNode items = readBulk(responses.get(i));
            if (items == null) {
                left.addAll(part);
                continue;
            }
            if (items.size() != part.size()) {
                throw new IOException("Elasticsearch answered a bulk request with something else");
            }
            for (int place = 0; place < part.size(); place++) {
                JsonNode item = items.path(place);
                if (item.iterator().next().path("status").asInt() == TOO_MANY_REQUESTS) {
                    left.add(part.get(place));
                } else {
                    answers[part.get(place)] = item;
                }
            }
        }
        return left;
    }

    private CompletableFuture<Response> sendBulk(String lines) {
        Request request = new Request("POST", "/_bulk");
        request.addParameter("filter_path", "items.*._id,items.*.status,items.*.error");
        request.setEntity(new StringEntity(lines, LINES));
        CompletableFuture<Response> answer = new CompletableFuture<>();
        client.performRequestAsync(request, new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                answer.complete(response);
            }

            @Override
            public void onFailure(Exception failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    /** What was answered to each operation; null if there is no room for the request. */
    private static @Nullable JsonNode readBulk(CompletableFuture<Response> answer) throws IOException {
        try {
            return read(answer.join()).path("items");
        } catch (CompletionException e) {
            throw new IOException("a bulk request failed: " + e.getCause().getMessage(), e.getCause());
        } catch (ResponseException e) {
            int status = e.getResponse().getStatusCode();
            if (status == TOO_MANY_REQUESTS) {
                return null;
            }
            if (isRefusal(status)) {
                throw new IllegalStateException("Elasticsearch refuses the request: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** Asks; indices that are not there are none. */
    JsonNode send(String method, String path, String body) throws IOException {
        Request request = new Request(method, "/" + path);
        if (path.contains("*") && !path.startsWith("_")) {
            request.addParameter("allow_no_indices", "true");
            request.addParameter("ignore_unavailable", "true");
        }
        if (path.endsWith("_search")) {
            request.addParameter("allow_partial_search_results", "false"); // what is not found would be posted again
        }
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        }
        return perform(request);
    }

    /**
     * Keeps what indices have now for searches to come.
     *
     * @return by which they name it, and it is given up
     */
    String openPointInTime(AuditIndices indices, String keepAlive) throws IOException {
        Request request = new Request("POST", "/" + indices.all() + "/_pit");
        request.addParameter("keep_alive", keepAlive);
        return perform(request).path("id").asString();
    }

    private JsonNode perform(Request request) throws IOException {
        try {
            return read(client.performRequest(request));
        } catch (RuntimeException e) {
            throw noAnswer(e);
        }
    }

    private static JsonNode read(Response response) throws IOException {
        if (response.getStatusCode() >= BAD_REQUEST) {
            // The client tells only of what is the server's fault, and "too many requests" is none.
            throw new ResponseException(response);
        }
        try (InputStream content = response.getEntity().getContent()) {
            return JSON.readTree(content);
        } catch (RuntimeException e) {
            throw noAnswer(e);
        }
    }

    /** The client is closed, or the answer was not Elasticsearch's: as if there was none. */
    private static IOException noAnswer(RuntimeException failure) {
        return new IOException("Elasticsearch did not answer: " + failure.getMessage(), failure);
    }

    /** Whether the server refuses what it was told, and would again. */
    static boolean isRefusal(int status) {
        return status == BAD_REQUEST || status == TOO_LARGE;
    }
}
