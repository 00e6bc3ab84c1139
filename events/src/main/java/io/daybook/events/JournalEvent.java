package io.daybook.events;

import java.time.Instant;
import java.util.UUID;

/** An event in a ledger's journal, read or as it is stored; it has what its {@linkplain Envelope envelope} has. */
public sealed interface JournalEvent permits RecordedEvent, StoredEvent {

    Envelope envelope();

    default long sequence() {
        return envelope().sequence();
    }

    default UUID id() {
        return envelope().id();
    }

    default Instant recordedAt() {
        return envelope().recordedAt();
    }

    default String requestId() {
        return envelope().requestId();
    }

    default String actor() {
        return envelope().actor();
    }

    default int chain() {
        return envelope().chain();
    }

    default String hash() {
        return envelope().hash();
    }
}
