package io.daybook.command.store;

import io.daybook.command.ledger.RememberedCommand;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** What one unit of work adds to the journal. It is gathered by the unit's thread, and then the {@link JournalAppender}'s. */
public final class JournalAppend {

    private static final String RESOURCE = JournalAppend.class.getName();

    /**
     * A command to be remembered.
     *
     * @param head how far its ledger had come when it was decided
     */
    record Remembered(RememberedCommand command, long head) {}

    /** Dropped when it is settled. After the beginning, only the appender's thread uses it. */
    private @Nullable JournalAppend before;

    private final List<JournalEntry> entries = new ArrayList<>();
    private final List<Remembered> remembered = new ArrayList<>();
    private final List<BesideJournal> beside = new ArrayList<>();

    /** The ledgers into which it imports. */
    private final Set<LedgerId> imports = new HashSet<>();

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

    /** Adds rows of another table than the journal: they are written with what the unit records. */
    public void add(BesideJournal rows) {
        beside.add(rows);
    }

    /**
     * Adds a command that leads to no event.
     *
     * @param head how far its ledger has come in memory: it is not written if the journal has come further than that by
     *     another writer
     */
    public void remember(RememberedCommand command, long head) {
        remembered.add(new Remembered(command, head));
    }

    /** Says that some of it is an import into the ledger. */
    void imports(LedgerId ledger) {
        imports.add(ledger);
    }

    /** The ledgers that it adds to otherwise than by an import. */
    Stream<LedgerId> ledgersBesideImports() {
        return Stream.concat(
                entries.stream().filter(entry -> !entry.past()).map(entry -> entry.event()
                        .ledger()),
                remembered.stream().map(each -> each.command().ledger()).filter(ledger -> !imports.contains(ledger)));
    }

    List<JournalEntry> entries() {
        return entries;
    }

    List<Remembered> remembered() {
        return remembered;
    }

    List<BesideJournal> beside() {
        return beside;
    }

    /** About how many rows are written for it. */
    int size() {
        return entries.size() + remembered.size() + beside.size();
    }

    /** Whether there is nothing to be made durable; known when the unit has committed. */
    public boolean isEmpty() {
        return size() == 0;
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
