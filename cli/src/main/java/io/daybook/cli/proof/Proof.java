package io.daybook.cli.proof;

import io.daybook.cli.installation.Stores;
import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a verification has found.
 *
 * @param events how many events were verified
 * @param behind of each copy how many of them it did not have yet, so that they were not compared
 * @param heads the last event of each ledger
 */
record Proof(List<Finding> findings, long events, Map<String, Long> behind, List<Checkpoint> heads) {

    /**
     * Verifies the event store: each ledger's chain, and that the copies, whose chains are followed as well, have the same.
     *
     * @param ledger null for all
     * @param checkpoints as ledgers were once
     */
    static Proof ofEventStore(
            Stores stores, @Nullable LedgerId ledger, Collection<Copy> copies, Collection<Checkpoint> checkpoints) {
        List<Finding> findings = new ArrayList<>();
        Map<String, List<Checkpoint>> headsOfCopies = new LinkedHashMap<>();
        // The copies first: whatever they have, the event store has had before.
        for (Copy copy : copies) {
            try (EventSource source = copy.in(stores)) {
                Chains chains = new Chains(source.title());
                follow(source, ledger, chains);
                findings.addAll(chains.findings());
                headsOfCopies.put(source.title(), chains.heads());
            }
        }
        try (EventSource eventStore = EventTable.ofEventStore(stores)) {
            Chains chains = new Chains(eventStore.title());
            headsOfCopies.forEach((title, heads) -> chains.mark("in " + title, heads));
            chains.mark("at the checkpoint", checkpoints);
            follow(eventStore, ledger, chains);
            findings.addAll(chains.findings());
            Map<String, Long> behind = new LinkedHashMap<>();
            headsOfCopies.forEach((title, heads) -> behind.put(title, behind(heads, chains.heads())));
            return new Proof(findings, chains.events(), behind, chains.heads());
        }
    }

    /**
     * Verifies what was exported.
     *
     * @param ledger that must be there; null for those that are
     * @param checkpoints as ledgers were once; those of others than are there are not looked at
     */
    static Proof ofExport(EventFile export, @Nullable LedgerId ledger, Collection<Checkpoint> checkpoints) {
        Chains chains = new Chains(export.title());
        chains.mark("at the checkpoint", checkpoints);
        follow(export, ledger, chains);
        if (chains.events() == 0) {
            throw new CommandFailed("There is no event " + (ledger == null ? "" : "of ledger " + ledger + " ")
                    + "in the export to verify.");
        }
        Set<LedgerId> exported = chains.heads().stream().map(Checkpoint::ledger).collect(Collectors.toSet());
        List<Finding> findings = chains.findings().stream()
                .filter(finding -> exported.contains(finding.ledger()))
                .toList();
        return new Proof(findings, chains.events(), Map.of(), chains.heads());
    }

    private static void follow(EventSource source, @Nullable LedgerId ledger, Chains chains) {
        try (Progress progress = Progress.of("Events in " + source.title(), "events", source.count(ledger))) {
            source.forEach(ledger, event -> {
                chains.take(event);
                progress.reached(chains.events());
            });
        }
        chains.end();
    }

    private static long behind(List<Checkpoint> copy, List<Checkpoint> eventStore) {
        Map<LedgerId, Long> has = new LinkedHashMap<>();
        copy.forEach(head -> has.put(head.ledger(), head.sequence()));
        return eventStore.stream()
                .mapToLong(head -> Math.max(head.sequence() - has.getOrDefault(head.ledger(), 0L), 0))
                .sum();
    }
}
