package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.replay.GenerationTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DataIntegrityViolationException;

/** Whether the generation aside of one projection is right: by itself, and by what the write side has. */
final class GenerationCheck {

    /** What is checked is at most a hundredth less than what there is. */
    private static final int CHECKED_BUT_ONE_OF = 100;

    private final GenerationStore store;
    private final GenerationTable generations;
    private final Journal journal;

    GenerationCheck(GenerationStore store, GenerationTable generations, Journal journal) {
        this.store = store;
        this.generations = generations;
        this.journal = journal;
    }

    /** Of few events, the last ones are most of them. */
    boolean hasNearlyAll(Row row) throws Exception {
        Map<LedgerId, Long> heads = heads(row);
        Map<LedgerId, Long> positions = positions(row);
        long missing = missing(row, heads, positions).entrySet().stream()
                .mapToLong(ledger -> ledger.getValue() - positions.getOrDefault(ledger.getKey(), 0L))
                .sum();
        long there = heads.values().stream().mapToLong(position -> position).sum();
        return missing <= there / CHECKED_BUT_ONE_OF
                || !generations.parkedAside(row).isEmpty();
    }

    /** What is wrong with it; nobody posts to it meanwhile. Empty if it is right as far as it has come. */
    List<String> faults(Row row) throws Exception {
        List<String> faults = new ArrayList<>(generations.parkedAside(row));
        faults.addAll(faultsInStore(row));
        if (faults.isEmpty() && journal.isKnown()) {
            Map<LedgerId, Long> positions = positions(row);
            Sampler sampler = new Sampler(journal);
            for (LedgerId ledger : Sampler.some(positions)) {
                faults.addAll(store.faults(row.aside(), sampler.of(ledger, positions.get(ledger))));
            }
        }
        return faults;
    }

    /** What it was posted without, such as indexes, may not be possible with what was posted. */
    private List<String> faultsInStore(Row row) throws Exception {
        try {
            store.complete(row.aside());
        } catch (DataIntegrityViolationException e) {
            return List.of(e.getMostSpecificCause().getMessage());
        }
        return store.faults(row.aside());
    }

    /** The ledgers that it has not as far as the write side. */
    AwaitedLedgers awaited(Row row) throws Exception {
        Map<LedgerId, Long> positions = positions(row);
        return new AwaitedLedgers(missing(row, heads(row), positions));
    }

    private Map<LedgerId, Long> positions(Row row) throws Exception {
        return store.positions(row.aside(), Role.ASIDE);
    }

    /** How far the ledgers are on the write side, if that can be asked. */
    private Map<LedgerId, Long> heads(Row row) throws Exception {
        return journal.isKnown() ? journal.heads() : store.positions(row.live(), Role.LIVE);
    }

    /**
     * The ledgers that the one aside has not as far as the write side, and how far that is: before an exchange they must have
     * come. Those that are parked will not.
     */
    private Map<LedgerId, Long> missing(Row row, Map<LedgerId, Long> heads, Map<LedgerId, Long> positions) {
        Map<LedgerId, Long> missing = new HashMap<>(heads);
        positions.forEach(
                (ledger, reached) -> missing.computeIfPresent(ledger, (same, last) -> last > reached ? last : null));
        generations.parkedLedgersAside(row).forEach(missing::remove);
        return missing;
    }
}
