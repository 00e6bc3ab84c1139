package io.daybook.command.ledger;

import io.daybook.command.store.JournalEntry;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A journal in memory: what the domain needs of one, for tests without a database. */
final class InMemoryHistory implements History {

    private final List<Entry> entries = new ArrayList<>();
    private final Map<UUID, RememberedCommand> remembered = new HashMap<>();

    void append(LedgerId ledger, Decision.Accepted accepted, Instant now) {
        JournalEntry entry = JournalEntry.following(
                head().hash(),
                ledger,
                head().sequence() + 1,
                accepted.identity().eventId(),
                now,
                "request",
                "tester",
                accepted.event(),
                accepted.identity().fingerprint());
        entries.add(new Entry(entry.event(), entry.fingerprint()));
    }

    void append(PastEvent past) {
        entries.add(new Entry(past.recorded(), past.fingerprint()));
    }

    /** One is remembered once. */
    void remember(RememberedCommand command) {
        if (remembered.putIfAbsent(command.eventId(), command) != null) {
            throw new IllegalStateException(command + " is remembered already");
        }
    }

    Map<UUID, RememberedCommand> remembered() {
        return remembered;
    }

    @Override
    public @Nullable RememberedCommand remembered(UUID eventId) {
        return remembered.get(eventId);
    }

    @Override
    public Head head() {
        return entries.isEmpty()
                ? Head.none()
                : new Head(
                        entries.size(),
                        entries.getLast().event().chain(),
                        entries.getLast().event().hash());
    }

    List<RecordedEvent> events() {
        return entries.stream().map(Entry::event).toList();
    }

    @Override
    public @Nullable Entry event(UUID eventId) {
        return first(entry -> entry.event().id().equals(eventId));
    }

    @Override
    public @Nullable Entry entity(UUID id) {
        return first(entry -> switch (entry.event().event()) {
            case Transaction transaction -> transaction.id().equals(id);
            case HoldPlaced hold -> hold.id().equals(id);
            default -> false;
        });
    }

    @Override
    public @Nullable Entry reversal(UUID transaction) {
        return first(
                entry -> entry.event().event() instanceof Transaction other && transaction.equals(other.reverses()));
    }

    @Override
    public @Nullable Entry metadata(UUID transaction) {
        return entries.reversed().stream()
                .filter(entry -> entry.event().event() instanceof MetadataChanged changed
                        && transaction.equals(changed.transaction()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Entry reference(String reference) {
        return first(entry ->
                entry.event().event() instanceof Transaction transaction && reference.equals(transaction.reference()));
    }

    private @Nullable Entry first(Predicate<Entry> condition) {
        return entries.stream().filter(condition).findFirst().orElse(null);
    }
}
