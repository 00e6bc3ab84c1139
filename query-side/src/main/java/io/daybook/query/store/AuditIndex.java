package io.daybook.query.store;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.http.ProblemException;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit in Elasticsearch: events under the alias of all their monthly indices, and requests in their data stream. */
public final class AuditIndex {

    private static final String STORE = "The audit";
    private static final int BAD_REQUEST = 400;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What there is to search in. */
    public static final Set<AuditKind> SEARCHED = Set.of(AuditKind.EVENTS, AuditKind.REQUESTS);

    private final Rest5Client client;
    private final String prefix;

    AuditIndex(Rest5Client client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    /**
     * Runs a search; before the first request there is nothing to find among them.
     *
     * @throws ProblemException {@code unavailable}, also if there are no indices of events, or if some were lost; or {@code invalid-field} if the query asks for too much
     */
    public JsonNode search(Set<AuditKind> kinds, JsonNode body) {
        Request request = request("_search", kinds);
        request.setJsonEntity(JSON.writeValueAsString(body));
        JsonNode answer = perform(request);
        JsonNode shards = answer.path("_shards");
        if (answer.path("timed_out").asBoolean(false) || shards.path("failed").asInt(0) > 0) {
            // Half an answer would look like a whole one.
            throw Unavailable.because(STORE, new IOException("not every shard has answered: " + shards));
        }
        return answer;
    }

    /** Makes visible what has been written so far. */
    public void refresh() {
        perform(request("_refresh", SEARCHED));
    }

    /** A name that is a pattern need not be there. The alias of events is there as long as the projection has lost none. */
    private Request request(String action, Set<AuditKind> kinds) {
        String indices = kinds.stream()
                .map(kind -> kind.named(prefix) + (kind == AuditKind.EVENTS ? "" : "*"))
                .collect(Collectors.joining(","));
        Request request = new Request("POST", "/" + indices + "/" + action);
        request.addParameter("allow_no_indices", "true");
        return request;
    }

    private JsonNode perform(Request request) {
        try {
            Response response = client.performRequest(request);
            if (response.getStatusCode() >= BAD_REQUEST) {
                // The client tells only of what is the server's fault: an error would look like an answer with no hits.
                throw new ResponseException(response);
            }
            try (InputStream content = response.getEntity().getContent()) {
                return JSON.readTree(content);
            }
        } catch (ResponseException e) {
            if (e.getResponse().getStatusCode() == BAD_REQUEST) {
                throw ProblemException.invalidField("q", "is more than can be searched for at once; ask for less");
            }
            throw Unavailable.because(STORE, e);
        } catch (IOException | JacksonException e) {
            throw Unavailable.because(STORE, e);
        }
    }
}
