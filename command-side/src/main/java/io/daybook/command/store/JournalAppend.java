package io.daybook.command.store;

import io.daybook.command.ledger.Hold;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** What one unit of work adds to the journal. It is gathered by the unit's thread, and then the {@link JournalAppender}'s. */
public final class JournalAppend {

    private static final String RESOURCE = JournalAppend.class.getName();

    /** Holds of a ledger whose history was recorded elsewhere, to be released when their time has come. */
    record Deadlines(LedgerId ledger, List<Hold> holds) {}

    /** Dropped when it is settled. After the beginning, only the appender's thread uses it. */
    private @Nullable JournalAppend before;

    private final List<JournalEntry> entries = new ArrayList<>();
    private final List<Deadlines> deadlines = new ArrayList<>();
    private final CompletableFuture<Void> durable = new CompletableFuture<>();

    /**
     * @param before what must be durable before this, as this was decided upon it
     */
    JournalAppend(@Nullable JournalAppend before) {
        this.before = before;
    }

    void attachTo(UnitOfWork<?> unit) {
        unit.resources().put(RESOURCE, this);
    }

    /** That of a unit of work, or null if it has none. */
    static @Nullable JournalAppend of(UnitOfWork<?> unit) {
        return unit.getResource(RESOURCE);
    }

    void add(List<JournalEntry> more) {
        entries.addAll(more);
    }

    /** Notes when these holds release themselves: with what the unit records, and not before it is durable. */
    public void note(LedgerId ledger, Collection<Hold> holds) {
        deadlines.add(new Deadlines(ledger, List.copyOf(holds)));
    }

    List<JournalEntry> entries() {
        return entries;
    }

    List<Deadlines> deadlines() {
        return deadlines;
    }

    /** Whether there is nothing to be made durable; known when the unit has committed. */
    public boolean isEmpty() {
        return entries.isEmpty() && deadlines.isEmpty();
    }

    /** Done when all of it is durable; nothing of it is if it fails. */
    public CompletableFuture<Void> durable() {
        return durable;
    }

    /** Why it must not be appended, or null. To be asked once, when what is before it was tried. */
    @Nullable Throwable obstacle() {
        JournalAppend settled = before;
        before = null;
        return settled != null && settled.durable.isCompletedExceptionally() ? settled.durable.exceptionNow() : null;
    }
}
