package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Elasticsearch, as the audit asks it. */
final class AuditCluster {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final ContentType LINES = ContentType.create("application/x-ndjson", StandardCharsets.UTF_8);
    private static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;

    private final Rest5Client client;

    AuditCluster(Rest5Client client) {
        this.client = client;
    }

    /** An empty object if it is not there. */
    JsonNode find(String path) throws IOException {
        try {
            return send("GET", path, "");
        } catch (ResponseException e) {
            if (e.getResponse().getStatusCode() == NOT_FOUND) {
                return JSON.createObjectNode();
            }
            throw e;
        }
    }

    /** Sends operations, each with its lines, without waiting for the answer. */
    CompletableFuture<Response> sendBulk(String lines) {
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

    /** Makes visible what has been written so far. */
    void refresh(AuditIndices indices) throws IOException {
        send("POST", indices.all() + "/_refresh", "");
    }

    /** Searches in indices. */
    JsonNode search(AuditIndices indices, String search) throws IOException {
        return send("POST", indices.all() + "/_search", search);
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

    static JsonNode read(Response response) throws IOException {
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
