package io.daybook.query.projections;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a projection tells of itself.
 *
 * @param generation counts how often it was posted anew
 * @param state running, replaying, stopped, or not-running if it has told nothing for ten seconds
 * @param lagEvents events that it has still to read
 * @param lagMillis how old the oldest of them is, in milliseconds
 * @param rate events a second, over the last seconds
 * @param parked events that it could not post and has set apart
 * @param detail why it is stopped, or null
 */
record ProjectionView(
        String name,
        int generation,
        String state,
        long lagEvents,
        long lagMillis,
        double rate,
        long parked,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detail) {}
