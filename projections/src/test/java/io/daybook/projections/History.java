package io.daybook.projections;

import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.projections.projection.PublishedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A ledger's events as they come to a projection. */
public final class History {

    private final LedgerId ledger;
    private final List<PublishedEvent> events = new ArrayList<>();

    public History(String ledger) {
        this.ledger = new LedgerId(ledger);
    }

    public PublishedEvent add(LedgerEvent event) {
        events.add(event(ledger, events.size() + RecordedEvent.FIRST_SEQUENCE, event));
        return events.getLast();
    }

    /** A single one, wherever it comes in its ledger. */
    public static PublishedEvent event(LedgerId ledger, long sequence, LedgerEvent event) {
        RecordedEvent recorded = new RecordedEvent(
                ledger,
                new Envelope(
                        sequence,
                        UUID.randomUUID(),
                        Instant.parse("2026-01-31T09:00:00.123456Z")
                                .plusSeconds(sequence - RecordedEvent.FIRST_SEQUENCE),
                        "request",
                        "tester",
                        HashChain.VERSION,
                        "00".repeat(32)),
                event);
        return new PublishedEvent(recorded, EventType.of(event).eventName(), LedgerEventJson.writeText(event));
    }

    /** All there are so far, in order. */
    public List<PublishedEvent> events() {
        return List.copyOf(events);
    }
}
