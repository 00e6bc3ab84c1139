package io.daybook.cli.replay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one command has asked for: that is what it watches, and what Ctrl-C pauses.
 *
 * @param generations of whole projections, as they were before
 * @param ledgers single ones, each with the id of its replay
 * @param refusals in words, for what it was asked for in vain
 */
record ReplayOrder(
        ReplayGoal goal, List<ReplayPart> generations, Map<LedgerReplay.Key, String> ledgers, List<String> refusals) {

    static ReplayOrder of(ReplayGoal goal, List<ReplayPart> generations, Map<LedgerReplay.Key, String> ledgers) {
        return new ReplayOrder(goal, generations, ledgers, List.of());
    }

    boolean isNothing() {
        return generations.isEmpty() && ledgers.isEmpty();
    }

    boolean hasGeneration(String projection) {
        return generations.stream().anyMatch(part -> part.projection().equals(projection));
    }

    /** The ledgers of a projection, in order. */
    List<String> ledgersOf(String projection) {
        return ledgers.keySet().stream()
                .filter(ledger -> ledger.projection().equals(projection))
                .map(LedgerReplay.Key::ledger)
                .sorted()
                .toList();
    }

    /** The projections that it is about, in order. */
    List<String> projections() {
        return ReplayTarget.all.projections().stream()
                .filter(projection ->
                        hasGeneration(projection) || !ledgersOf(projection).isEmpty())
                .toList();
    }

    /** How many events were posted before by what goes on now. */
    long doneBefore() {
        return goal != ReplayGoal.RESUME
                ? 0
                : generations.stream()
                        .mapToLong(part -> part.events() - part.behind())
                        .sum();
    }

    /** The same for a part of it. */
    ReplayOrder only(Collection<ReplayPart.Key> parts, Set<LedgerReplay.Key> some) {
        return of(
                goal,
                generations.stream().filter(part -> parts.contains(part.key())).toList(),
                ledgers.entrySet().stream()
                        .filter(ledger -> some.contains(ledger.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
