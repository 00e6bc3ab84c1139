package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.projections.journal.Journal;
import java.util.List;

/** A ledger's events in the event store. */
final class JournalReader implements LedgerReader {

    private static final int READ_AT_ONCE = 1_000;

    private final Journal journal;
    private final LedgerId ledger;
    private final long after;
    private final long total;
    private long last;

    /**
     * @param after the sequence after which events are wanted
     */
    JournalReader(Journal journal, LedgerId ledger, long after) {
        this.journal = journal;
        this.ledger = ledger;
        this.after = after;
        this.total = Math.max(0, journal.last(ledger) - after);
        this.last = after;
    }

    @Override
    public List<StoredEvent> next() {
        List<StoredEvent> events = journal.events(ledger, last, READ_AT_ONCE);
        if (!events.isEmpty()) {
            last = events.getLast().sequence();
        }
        return events;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public long read() {
        return last - after;
    }
}
