package io.daybook.query.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.query.request.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was recorded.
 *
 * @param effectiveAt business time, or null if it has none
 * @param requestId the request that caused it
 * @param actor who asked
 * @param data the canonical JSON that the hash is over
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EventView(
        long sequence,
        UUID id,
        String type,
        Instant recordedAt,
        @Nullable Instant effectiveAt,
        String requestId,
        String actor,
        Json data,
        String hash) {}
