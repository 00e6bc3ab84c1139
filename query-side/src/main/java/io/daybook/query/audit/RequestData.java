package io.daybook.query.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a request was, and what came of it.
 *
 * @param route the template of its path; null if it was for none of the contract
 * @param status the HTTP status of the answer
 * @param problem why it was refused
 * @param server the host that answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RequestData(
        String method,
        @Nullable String route,
        int status,
        @Nullable String problem,
        long durationNanos,
        long requestBytes,
        long responseBytes,
        @Nullable String server) {

    /** Of a document of the audit. */
    static JsonNode of(JsonNode source) {
        JsonNode http = source.path("http");
        return JsonMapper.shared()
                .valueToTree(new RequestData(
                        http.at("/request/method").asString(""),
                        http.path("route").asString(null),
                        http.at("/response/status_code").asInt(0),
                        source.at("/daybook/problem/code").asString(null),
                        source.at("/event/duration").asLong(0),
                        http.at("/request/body/bytes").asLong(0),
                        http.at("/response/body/bytes").asLong(0),
                        source.at("/host/name").asString(null)));
    }
}
