package io.daybook.command.ledger;

import io.daybook.events.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that was recorded in another installation, as it was stored there.
 *
 * @param recorded with the id, time and hash it has there, and keeps here
 * @param type the name and version it was stored under, which may be an earlier one
 * @param data its canonical JSON as it was stored, which the hash is over
 * @param fingerprint that of the request if it had an idempotency key, else null
 */
public record PastEvent(
        RecordedEvent recorded,
        String type,
        byte[] data,
        @Nullable String fingerprint) {

    public PastEvent(RecordedEvent recorded, String type, byte[] data) {
        this(recorded, type, data, null);
    }
}
