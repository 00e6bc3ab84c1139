package io.daybook.command.store;

import io.daybook.command.ledger.PastEvent;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.StoredEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.stores.JournalKeys;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * A row of the journal before it is written. An aggregate applies an event together with its entry as metadata, because
 * the hash chain must run on before the next event of the same batch is decided, and what is hashed must be what is
 * stored.
 *
 * @param type the name and version to store it under
 * @param data the event in its canonical JSON form
 * @param fingerprint that of the request if it had an idempotency key
 * @param trace that the client began, or null
 * @param past whether it was recorded elsewhere
 */
public record JournalEntry(
        RecordedEvent event,
        String type,
        byte[] data,
        @Nullable String fingerprint,
        @Nullable UUID trace,
        boolean past) {

    private static final String METADATA_KEY = "journalEntry";

    /**
     * The entry of an event that is recorded now, after one whose hash is {@code previousHash}.
     *
     * @param previousHash in hexadecimal
     */
    public static JournalEntry following(
            String previousHash,
            LedgerId ledger,
            long sequence,
            UUID eventId,
            Instant recordedAt,
            String requestId,
            String actor,
            LedgerEvent event,
            @Nullable String fingerprint) {
        byte[] data = LedgerEventJson.write(event);
        byte[] hash = HashChain.next(
                HexFormat.of().parseHex(previousHash),
                HashChain.VERSION,
                ledger,
                sequence,
                eventId,
                EventType.of(event).eventName(),
                recordedAt,
                requestId,
                actor,
                data);
        return new JournalEntry(
                new RecordedEvent(
                        ledger,
                        new Envelope(
                                sequence,
                                eventId,
                                recordedAt,
                                requestId,
                                actor,
                                HashChain.VERSION,
                                HexFormat.of().formatHex(hash)),
                        event),
                EventType.of(event).eventName(),
                data,
                fingerprint,
                null,
                false);
    }

    /** The same in a trace, if there is one. */
    public JournalEntry in(@Nullable UUID trace) {
        return trace == null ? this : new JournalEntry(event, type, data, fingerprint, trace, past);
    }

    /** The entry of an event that was recorded elsewhere; it is stored here as it was there. */
    public static JournalEntry of(PastEvent past) {
        return new JournalEntry(past.recorded(), past.type(), past.data(), past.fingerprint(), null, true);
    }

    /** The metadata to apply the event with. */
    public MetaData asMetaData() {
        return MetaData.from(Map.of(
                METADATA_KEY,
                this,
                RecordedEvent.Metadata.CHAIN,
                Integer.toString(event.chain()),
                RecordedEvent.Metadata.HASH,
                event.hash()));
    }

    /** The event as whoever reads the row finds it. */
    public StoredEvent stored() {
        return new StoredEvent(event.ledger().value(), event.envelope(), type, trace, data);
    }

    static JournalEntry of(EventMessage<?> message) {
        if (message.getMetaData().get(METADATA_KEY) instanceof JournalEntry entry) {
            return entry;
        }
        throw new IllegalArgumentException(
                "only events of ledgers are stored here, with their journal entry; this one is a "
                        + message.getPayloadType().getName());
    }

    /** What it is found by. */
    JournalKeys keys() {
        return JournalKeys.of(event.id(), event.event());
    }
}
