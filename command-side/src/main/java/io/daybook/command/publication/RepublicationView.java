package io.daybook.command.publication;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A republication as it is told.
 *
 * @param ledger only the partition of the topic that has this one; null for all
 * @param force even if Kafka has events that the event store has not
 * @param events how many events there are to read in the journal, and {@code behind} of them are left
 * @param rate events a second
 * @param leftMillis how long it takes at this rate, in milliseconds; null if nothing is sent
 * @param detail why it does not go on, or what came of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepublicationView(
        UUID id,
        RepublicationState state,
        Instant requestedAt,
        @Nullable String ledger,
        boolean force,
        long events,
        long behind,
        double rate,
        @Nullable Long leftMillis,
        @Nullable String detail) {}
