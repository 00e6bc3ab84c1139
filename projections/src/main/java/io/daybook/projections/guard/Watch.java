package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Span;
import io.daybook.projections.projection.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Of one projection, the ledgers to which something was appended, until its store has that. For one thread. */
final class Watch {

    /** More are left to the rounds. */
    private static final int MAX_LEDGERS = 100_000;

    /** So many are asked for at a time, and so often in one look. */
    private static final int ASKED_AT_ONCE = 500;

    private static final int MAX_QUESTIONS = 10;

    /** What was appended so short a time ago is on its way, and in a store it may not be seen yet. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    /** What was appended to a ledger: the store has all up to {@code after}, and is asked for what follows, up to a target. */
    private static final class Backlog {
        private long after;
        private long target;
        private long latest;
        private long first;
        private long last;
        private long sinceNanos = System.nanoTime();
        private long reached;

        Backlog(Journal.Change change) {
            after = change.first() - 1;
            reached = after;
            target = change.last();
            latest = target;
            first = change.position();
            last = first;
        }

        void more(Journal.Change change) {
            latest = change.last();
            last = change.position();
        }

        /** The store has come to the target, and there may be another. */
        boolean isDone() {
            after = target;
            reached = target;
            target = latest;
            first = last;
            sinceNanos = System.nanoTime();
            return after == target;
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }

    /**
     * A ledger whose store should have come further.
     *
     * @param position where the event that it should have come to is in the whole journal
     */
    record LateLedger(LedgerId ledger, long head, long position) {}

    private final GenerationStore store;
    private final Map<LedgerId, Backlog> appended = new LinkedHashMap<>();

    Watch(GenerationStore store) {
        this.store = store;
    }

    void add(List<Journal.Change> changes) {
        for (Journal.Change change : changes) {
            Backlog before = appended.get(change.ledger());
            if (before != null) {
                before.more(change);
            } else if (appended.size() < MAX_LEDGERS) {
                appended.put(change.ledger(), new Backlog(change));
            }
        }
    }

    /**
     * Asks the store how far it has come.
     *
     * @param parked ledgers that wait for somebody, and not for the projection
     */
    void look(Generation generation, Set<LedgerId> parked, Pace pace) throws Exception {
        appended.keySet().removeAll(parked);
        Iterator<Map.Entry<LedgerId, Backlog>> all =
                List.copyOf(appended.entrySet()).iterator();
        for (int i = 0; i < MAX_QUESTIONS && all.hasNext(); i++) {
            Map<LedgerId, Span> asked = new HashMap<>();
            while (all.hasNext() && asked.size() < ASKED_AT_ONCE) {
                Map.Entry<LedgerId, Backlog> next = all.next();
                asked.put(next.getKey(), new Span(next.getValue().after, next.getValue().target));
            }
            Map<LedgerId, Long> reached = pace.ask(() -> store.reached(generation, asked));
            asked.keySet().forEach(ledger -> {
                Backlog of = appended.get(ledger);
                of.reached = reached.getOrDefault(ledger, 0L);
                if (of.reached >= of.target && of.isDone()) {
                    appended.remove(ledger);
                }
            });
        }
    }

    /** How many events are missing that should not be on their way any more. */
    long behind() {
        return appended.values().stream()
                .filter(of -> of.age().compareTo(ON_ITS_WAY) > 0)
                .mapToLong(of -> of.latest - of.reached)
                .sum();
    }

    /** For how long some of these have been missing; null if none are. */
    @Nullable Duration since() {
        return appended.values().stream()
                .map(Backlog::age)
                .filter(age -> age.compareTo(ON_ITS_WAY) > 0)
                .max(Duration::compareTo)
                .orElse(null);
    }

    /** Those that have been missing for as long. */
    List<LateLedger> late(Duration grace) {
        List<LateLedger> late = new ArrayList<>();
        appended.forEach((ledger, of) -> {
            if (of.age().compareTo(grace) >= 0) {
                late.add(new LateLedger(ledger, of.target, of.first));
            }
        });
        return late;
    }

    /**
     * Up to which position of the journal nothing is missing that would not be noticed again: who begins there meets the last
     * event of each of these ledgers once more.
     *
     * @param position up to which the journal was looked at
     */
    long noted(long position) {
        return appended.values().stream().mapToLong(of -> of.first - 1).reduce(position, Math::min);
    }

    void forget() {
        appended.clear();
    }
}
