package io.daybook.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored. What is published of it is neither read nor written anew on the way, and whoever reads it in
 * Kafka has it as it was stored.
 *
 * @param ledger the name that it is stored under, whatever that is
 * @param type the name and version that it is stored under
 * @param trace that the client began whose request led to it; null if it began none: then it follows from the request id
 * @param data its JSON, which the hash is over
 */
public record StoredEvent(
        String ledger,
        Envelope envelope,
        String type,
        @Nullable UUID trace,
        byte[] data) implements JournalEvent {}
