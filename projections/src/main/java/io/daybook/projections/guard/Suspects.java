package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.status.EndOfTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Of one projection, ledgers of which something seems to be missing. It may be on its way: that is over when what is missing
 * was published, and the projection has read all that was in Kafka after that, and some time has passed since.
 */
final class Suspects {

    /** More will be suspected again. */
    private static final int MAX_LEDGERS = 1_000;

    /** So many are given at a time. */
    private static final int PAGE = 100;

    /** One ledger, and how far its case has come. */
    private static final class Case {
        private final long head;
        private final long position;
        private EndOfTopic.@Nullable Extent before;
        private EndOfTopic.@Nullable Extent published;
        private long readNanos;
        private boolean isRead;

        Case(long head, long position) {
            this.head = head;
            this.position = position;
        }
    }

    private final RunningProjection projection;
    private final EndOfTopic end;
    private final Map<LedgerId, Case> cases = new ConcurrentHashMap<>();

    Suspects(RunningProjection projection, EndOfTopic end) {
        this.projection = projection;
        this.end = end;
    }

    /**
     * @param head the sequence that the ledger should have come to
     * @param position where the journal was when it had
     */
    void add(LedgerId ledger, long head, long position) {
        if (cases.size() < MAX_LEDGERS) {
            cases.putIfAbsent(ledger, new Case(head, position));
        }
    }

    void remove(Set<LedgerId> ledgers) {
        cases.keySet().removeAll(ledgers);
    }

    /** A ledger that is not on its way any more, and what it should have come to. */
    record OverdueLedger(LedgerId ledger, long head) {}

    /** Some of those of which what is missing cannot be on its way any more; they are not suspected any longer. */
    List<OverdueLedger> overdue(Journal journal, Duration grace) {
        if (cases.isEmpty()) {
            return List.of();
        }
        long published = journal.published();
        EndOfTopic.Extent now = end.extent();
        var positions = projection.positions();
        List<OverdueLedger> overdue = new ArrayList<>();
        cases.forEach((ledger, of) -> {
            if (of.before == null && published >= of.position) {
                of.before = now;
            } else if (of.before != null && of.published == null && now != of.before) {
                // Asked for after it was published: what was published is in it.
                of.published = now;
            }
            if (of.published != null && !of.isRead && of.published.behind(positions) == 0) {
                of.isRead = true;
                of.readNanos = System.nanoTime();
            }
            if (of.isRead && System.nanoTime() - of.readNanos >= grace.toNanos() && overdue.size() < PAGE) {
                overdue.add(new OverdueLedger(ledger, of.head));
            }
        });
        overdue.forEach(of -> cases.remove(of.ledger()));
        return overdue;
    }

    void forget() {
        cases.clear();
    }
}
