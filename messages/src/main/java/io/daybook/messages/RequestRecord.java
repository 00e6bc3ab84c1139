package io.daybook.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is kept of a request: who asked for what, and what came of it. It has no place for a token, a body, or the text of a
 * path or a query: every value is Daybook's own, or of a form that the contract allows.
 *
 * @param id its own, as clients may repeat theirs
 * @param receivedAt in microseconds
 * @param durationNanos from its first byte to the end of its answer
 * @param method in capitals; {@code OTHER} if HTTP does not know it
 * @param route the template of its path, such as {@code /v1/ledgers/{ledger}}; null if it is for no route
 * @param status the HTTP status of the answer
 * @param problem the code of the answer if it is a refusal
 * @param requestId {@code X-Request-Id}, which events that came of it have too
 * @param actor who asked, as events have it
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param ledger that its path names, as are account, transaction, hold and command
 * @param command of a command that was taken for later too
 * @param sequence how far the ledger had come, as the answer said
 * @param server the host that answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RequestRecord(
        String id,
        Instant receivedAt,
        long durationNanos,
        String method,
        @Nullable String route,
        int status,
        @Nullable String problem,
        String requestId,
        String actor,
        String traceId,
        String spanId,
        @Nullable String ledger,
        @Nullable String account,
        @Nullable String transaction,
        @Nullable String hold,
        @Nullable String command,
        @Nullable Long sequence,
        long requestBytes,
        long responseBytes,
        String server) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> QUERIES = Set.of("GET", "HEAD", "OPTIONS");

    /** Whether it was a command, which asks for a change; else it was a query. */
    public boolean asksForChange() {
        return !QUERIES.contains(method);
    }

    public byte[] toJson() {
        return JSON.writeValueAsBytes(this);
    }

    /**
     * Reads what {@link #toJson} has written. Members that this version does not know are left out.
     *
     * @throws tools.jackson.core.JacksonException if it is something else
     */
    public static RequestRecord ofJson(byte[] json) {
        return JSON.readValue(json, RequestRecord.class);
    }
}
