package io.daybook.query.audit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened.
 *
 * @param timestamp when it was recorded
 * @param kind what it is: an event
 * @param id the event's
 * @param data the event as it is; null if there is none
 */
record AuditView(
        String timestamp,
        @Nullable String kind,
        @Nullable String ledger,
        @Nullable Long sequence,
        String id,
        @Nullable String type,
        @Nullable String actor,
        @Nullable String requestId,
        @Nullable String message,
        @Nullable JsonNode data) {}
