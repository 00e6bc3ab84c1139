package io.daybook.query.audit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened.
 *
 * @param timestamp when it was recorded, or came in
 * @param kind {@code event} or {@code request}
 * @param id the event's, or that of the request's record
 * @param type the event's; of a request {@code command} or {@code query}
 * @param traceId the trace that the request was part of, or that it was which led to the event
 * @param data the event as it is, or what the request was and what came of it
 */
record AuditView(
        String timestamp,
        String kind,
        @Nullable String ledger,
        @Nullable Long sequence,
        String id,
        @Nullable String type,
        @Nullable String actor,
        @Nullable String requestId,
        @Nullable String traceId,
        @Nullable String message,
        @Nullable JsonNode data) {}
