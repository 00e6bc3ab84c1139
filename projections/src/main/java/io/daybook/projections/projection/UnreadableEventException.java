package io.daybook.projections.projection;

/** What came as an event of a ledger cannot be read. Passing over it would leave the books wrong without a sign of it. */
public final class UnreadableEventException extends RuntimeException {

    UnreadableEventException(PublishedEvent event) {
        super("event " + event.sequence() + " of ledger " + event.ledger() + " cannot be read: " + event.fault());
    }
}
