package io.daybook.command.ledger;

import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A journal in memory: what the domain needs of one, for tests without a database. */
final class InMemoryHistory implements History {

    private final List<Entry> entries = new ArrayList<>();

    void append(LedgerId ledger, Decision.Accepted accepted, Instant now) {
        RecordedEvent recorded = new RecordedEvent(
                ledger,
                entries.size() + 1L,
                accepted.identity().eventId(),
                now,
                "request",
                "tester",
                "00",
                accepted.event());
        entries.add(new Entry(recorded, accepted.identity().fingerprint()));
    }

    List<RecordedEvent> events() {
        return entries.stream().map(Entry::event).toList();
    }

    @Override
    public @Nullable Entry event(UUID eventId) {
        return first(entry -> entry.event().id().equals(eventId));
    }

    @Override
    public @Nullable Entry transaction(UUID id) {
        return first(entry -> entry.event().event() instanceof TransactionPosted posted
                && posted.id().equals(id));
    }

    @Override
    public @Nullable Entry reference(String reference) {
        return first(entry ->
                entry.event().event() instanceof TransactionPosted posted && reference.equals(posted.reference()));
    }

    private @Nullable Entry first(Predicate<Entry> condition) {
        return entries.stream().filter(condition).findFirst().orElse(null);
    }
}
