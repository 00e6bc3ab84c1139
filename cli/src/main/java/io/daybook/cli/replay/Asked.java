package io.daybook.cli.replay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one command has asked for: that is what it watches, and what Ctrl-C pauses.
 *
 * @param generations of whole projections, by name, as they were before
 * @param ledgers single ones
 */
record Asked(Request request, Map<String, Generations.Row> generations, Set<Repairs.Key> ledgers) {

    static Asked of(Request request, Collection<Generations.Row> before, Set<Repairs.Key> ledgers) {
        return new Asked(
                request,
                before.stream().collect(Collectors.toMap(Generations.Row::projection, Function.identity())),
                ledgers);
    }

    boolean isNothing() {
        return generations.isEmpty() && ledgers.isEmpty();
    }

    /** The projections that it is about, in order. */
    List<String> projections() {
        return Target.all.projections().stream()
                .filter(projection -> generations.containsKey(projection)
                        || ledgers.stream()
                                .anyMatch(ledger -> ledger.projection().equals(projection)))
                .toList();
    }

    /** How many events were posted before by what goes on now. */
    long doneBefore() {
        return request != Request.RESUME
                ? 0
                : generations.values().stream()
                        .mapToLong(row -> row.events() - row.behind())
                        .sum();
    }
}
