package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.guard.GuardRows.Finding;
import io.daybook.projections.guard.GuardRows.State;
import io.daybook.projections.guard.Suspects.OverdueLedger;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.replay.RepairRows;
import io.daybook.projections.settings.ProjectionsProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One projection under guard. One thread looks at what is appended, and another counts; each calls its own methods.
 */
final class GuardedProjection {

    /** What had to be healed so often in a row is not healed by that. */
    static final int MAX_HEALED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(GuardedProjection.class);

    private final GenerationStore store;
    private final Watch watch;
    private final Suspects suspects;
    private final GuardRows rows;
    private final RepairRows repairs;
    private final TransactionTemplate transactions;
    private final ProjectionsProperties.Guard properties;
    private Instant healedAt = Instant.EPOCH;
    private volatile boolean isKnown;

    GuardedProjection(
            GenerationStore store,
            Suspects suspects,
            GuardRows rows,
            RepairRows repairs,
            TransactionTemplate transactions,
            ProjectionsProperties.Guard properties) {
        this.store = store;
        this.watch = new Watch(store);
        this.suspects = suspects;
        this.rows = rows;
        this.repairs = repairs;
        this.transactions = transactions;
        this.properties = properties;
    }

    String name() {
        return store.projection();
    }

    /** The ledgers that somebody is busy with, or that wait for somebody. */
    private Set<LedgerId> others(Generation generation) {
        Set<LedgerId> others = rows.parked(name(), generation.number());
        rows.findings(name()).stream()
                .filter(finding -> finding.state() != State.HEALED)
                .forEach(finding -> others.add(finding.ledger()));
        return others;
    }

    void add(List<Journal.Change> changes) {
        watch.add(changes);
    }

    /** Asks the store what it has of what was appended, and tells. */
    void look(Pace pace) throws Exception {
        Generation generation = rows.live(name());
        try {
            watch.look(generation, rows.parked(name(), generation.number()), pace);
            isKnown = true;
        } finally {
            // Whatever the store did not answer is not told as if it had.
            rows.report(name(), watch.behind(), watch.since(), isKnown);
        }
        watch.late(properties.grace()).forEach(late -> suspects.add(late.ledger(), late.head(), late.position()));
    }

    /** The journal, or the store, cannot be asked. */
    void lost() {
        isKnown = false;
        rows.report(name(), 0, null, false);
    }

    long noted(long position) {
        return watch.noted(position);
    }

    void forget() {
        watch.forget();
        suspects.forget();
        isKnown = false;
    }

    /**
     * Counts some ledgers.
     *
     * @param heads the sequence of the last event of each
     * @param position where the journal was then
     */
    void sweep(Map<LedgerId, Long> heads, long position, LedgerAccounts accounts, Pace pace) throws Exception {
        Generation generation = rows.live(name());
        Map<LedgerId, Long> asked = new HashMap<>(heads);
        asked.keySet().removeAll(others(generation));
        if (asked.isEmpty()) {
            return;
        }
        Map<LedgerId, LedgerCount> counts = store.count(generation, asked, accounts, pace);
        List<LedgerId> complete = new ArrayList<>();
        counts.forEach((ledger, count) -> {
            if (count.fault() != null) {
                suspects.add(ledger, heads.get(ledger), position);
            } else if (count.isComplete()) {
                complete.add(ledger);
            }
        });
        rows.complete(name(), complete);
    }

    /** Counts what is not on its way any more, and notes what is missing. */
    void decide(Journal journal, LedgerAccounts accounts, Pace pace) throws Exception {
        Generation generation = rows.live(name());
        suspects.remove(others(generation));
        if (!rows.isGoingOn(name())) {
            return;
        }
        for (OverdueLedger overdue : suspects.overdue(journal, properties.grace())) {
            LedgerId ledger = overdue.ledger();
            // It sees to it that what was written is seen.
            pace.ask(() -> store.position(generation.number(), Role.LIVE, ledger));
            LedgerCount count = store.count(generation, Map.of(ledger, overdue.head()), accounts, pace)
                    .getOrDefault(ledger, LedgerCount.UNKNOWN);
            String fault = count.fault();
            if (fault != null && rows.live(name()).equals(generation)) {
                found(generation, overdue, fault);
            }
        }
    }

    private void found(Generation generation, OverdueLedger overdue, String fault) throws Exception {
        LedgerId ledger = overdue.ledger();
        Integer healed = rows.found(name(), generation.number(), ledger, fault);
        if (healed == null) {
            return;
        }
        if (healed < MAX_HEALED) {
            LOG.warn("ledger {} is incomplete in {} (generation {}): {}", ledger, name(), generation.number(), fault);
            return;
        }
        long position = store.position(generation.number(), Role.LIVE, ledger);
        transactions.executeWithoutResult(transaction -> {
            rows.exclusively(name());
            if (rows.live(name()).equals(generation)) {
                rows.park(
                        name(),
                        generation.number(),
                        ledger,
                        Math.min(position + 1, overdue.head()),
                        overdue.head(),
                        "it was healed " + healed + " times in a row and is incomplete again: " + fault
                                + "; './daybook verify --ledger " + ledger
                                + "' tells where, and something takes it away");
            }
            rows.forget(name(), ledger);
        });
        LOG.error(
                "ledger {} is parked in {} (generation {}): it was healed {} times in a row and is incomplete again: {}",
                ledger,
                name(),
                generation.number(),
                healed,
                fault);
    }

    /** Has what is incomplete posted anew, some at a time. */
    void heal(Journal journal) throws Exception {
        List<Finding> findings = rows.findings(name());
        if (findings.isEmpty()) {
            return;
        }
        Generation generation = rows.live(name());
        Set<LedgerId> parked = rows.parked(name(), generation.number());
        List<Finding> waiting = new ArrayList<>();
        int underWay = 0;
        for (Finding finding : findings) {
            if (finding.generation() != generation.number()) {
                rows.forget(name(), finding.ledger());
            } else if (finding.state() == State.FOUND) {
                if (parked.contains(finding.ledger())) {
                    // Why it waits, and for what, is told of it there.
                    rows.forget(name(), finding.ledger());
                } else {
                    waiting.add(finding);
                }
            } else if (finding.state() == State.HEALING && !follow(finding, journal)) {
                underWay++;
            }
        }
        begin(waiting, generation, properties.healLimit() - underWay);
    }

    /** Whether the repair of a ledger has come to an end. */
    private boolean follow(Finding finding, Journal journal) {
        LedgerId ledger = finding.ledger();
        switch (finding.repair()) {
            case "done" -> {
                transactions.executeWithoutResult(transaction -> rows.healed(name(), ledger));
                LOG.info("ledger {} of {} is healed: {}", ledger, name(), finding.reason());
                suspects.add(ledger, journal.last(ledger), journal.head());
                return true;
            }
            case "failed" -> {
                rows.forget(name(), ledger);
                return true;
            }
            case null -> {
                rows.state(name(), ledger, State.FOUND);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void begin(List<Finding> waiting, Generation generation, int atMost) throws Exception {
        Duration passed = Duration.between(healedAt, Instant.now());
        if (waiting.isEmpty()
                || atMost < 1
                || passed.compareTo(properties.healPause()) < 0
                || !rows.isGoingOn(name())) {
            return;
        }
        healedAt = Instant.now();
        for (Finding finding : waiting.subList(0, Math.min(atMost, waiting.size()))) {
            LedgerId ledger = finding.ledger();
            long position = store.position(generation.number(), Role.LIVE, ledger);
            transactions.executeWithoutResult(transaction -> {
                if (repairs.want(name(), ledger, position + 1)) {
                    rows.state(name(), ledger, State.HEALING);
                }
            });
            LOG.info("ledger {} of {} is being healed from the event store", ledger, name());
        }
    }
}
