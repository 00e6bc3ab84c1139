package io.daybook.query.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.stores.audit.AuditField;
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
        return JsonMapper.shared()
                .valueToTree(new RequestData(
                        AuditField.METHOD.in(source).asString(""),
                        AuditField.ROUTE.in(source).asString(null),
                        AuditField.STATUS.in(source).asInt(0),
                        AuditField.PROBLEM.in(source).asString(null),
                        AuditField.DURATION.in(source).asLong(0),
                        AuditField.REQUEST_BYTES.in(source).asLong(0),
                        AuditField.RESPONSE_BYTES.in(source).asLong(0),
                        AuditField.SERVER.in(source).asString(null)));
    }
}
