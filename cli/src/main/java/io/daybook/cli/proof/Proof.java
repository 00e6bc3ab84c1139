package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import io.daybook.installation.Stores;
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
 * @param remembered how many commands are remembered beside them, as they led to no event
 * @param behind of each copy how many of them it did not have yet, so that they were not compared
 * @param heads the last event of each ledger
 */
record Proof(List<Finding> findings, long events, long remembered, Map<String, Long> behind, List<Checkpoint> heads) {

    /** What a copy has, as its own chains tell, and how far it says to have come; null if that cannot be relied on. */
    private record Followed(
            String title, Chains chains, @Nullable Claim claim) {}

    /**
     * Verifies the event store: each ledger's chain, and that the copies, whose chains are followed as well, have the same.
     *
     * @param ledger null for all
     * @param checkpoints as ledgers were once
     * @throws CommandFailed if there is no such ledger, and nothing tells of one
     */
    static Proof ofEventStore(
            Stores stores, @Nullable LedgerId ledger, Collection<Copy> copies, Collection<Checkpoint> checkpoints) {
        List<Finding> findings = new ArrayList<>();
        // The copies first: whatever they have, the event store has had before.
        List<Followed> followed =
                copies.stream().map(copy -> follow(copy, stores, ledger)).toList();
        followed.forEach(copy -> findings.addAll(copy.chains().findings()));
        try (JournalEventSource journal = JournalEventSource.of(stores)) {
            Chains chains = new Chains(journal);
            followed.forEach(
                    copy -> chains.mark("in " + copy.title(), copy.chains().heads()));
            chains.mark("at the checkpoint", checkpoints);
            follow(journal, ledger, chains);
            findings.addAll(chains.findings());
            Map<String, Long> behind = new LinkedHashMap<>();
            for (Followed copy : followed) {
                behind.put(copy.title(), behind(copy, chains.heads(), journal, findings));
            }
            if (ledger != null && chains.events() == 0 && findings.isEmpty()) {
                throw new CommandFailed("There is no ledger '" + ledger + "'.");
            }
            long remembered = journal.remembered(ledger, findings::add);
            return new Proof(findings, chains.events(), remembered, behind, chains.heads());
        }
    }

    /**
     * Verifies what was exported.
     *
     * @param ledger that it is of; null for all
     * @param checkpoints as ledgers were once, all that are not in it missing; null if there is no checkpoint
     */
    static Proof ofExport(EventFile export, @Nullable LedgerId ledger, @Nullable Collection<Checkpoint> checkpoints) {
        Chains chains = new Chains(export);
        if (checkpoints != null) {
            chains.mark("at the checkpoint", checkpoints);
        }
        follow(export, ledger, chains);
        if (chains.events() == 0) {
            throw new CommandFailed("There is no event " + (ledger == null ? "" : "of ledger " + ledger + " ")
                    + "in the export to verify.\nCheck the file's name, and --ledger.");
        }
        List<Finding> findings = new ArrayList<>(chains.findings());
        if (checkpoints != null) {
            Set<LedgerId> signed = checkpoints.stream().map(Checkpoint::ledger).collect(Collectors.toSet());
            chains.heads().stream()
                    .filter(head -> !signed.contains(head.ledger()))
                    .forEach(head -> findings.add(new Finding(
                            head.ledger(),
                            "it is not in the checkpoint, so that nobody has signed any of its events")));
        }
        long remembered = export.remembered(ledger, findings::add);
        return new Proof(findings, chains.events(), remembered, Map.of(), chains.heads());
    }

    private static Followed follow(Copy copy, Stores stores, @Nullable LedgerId ledger) {
        Claim claim = copy.claim(stores);
        try (EventSource source = copy.in(stores)) {
            Chains chains = new Chains(source);
            follow(source, ledger, chains);
            boolean isSame = copy.claim(stores).circumstances().equals(claim.circumstances());
            return new Followed(source.title(), chains, isSame ? claim : null);
        }
    }

    private static void follow(EventSource source, @Nullable LedgerId ledger, Chains chains) {
        // Before the events: the books are not exchanged for others while somebody has read of their ledgers.
        Map<String, Long> positions = source.positions(ledger);
        try (Progress progress = Progress.of("Events in " + source.title(), "events", source.count(ledger))) {
            source.forEach(
                    ledger,
                    event -> {
                        chains.take(event);
                        progress.reached(chains.events());
                    },
                    chains::strange);
        }
        chains.end(positions);
    }

    /** How many events have not come to a copy yet. Those that have, and are not in it, are told. */
    private static long behind(
            Followed copy, List<Checkpoint> heads, JournalEventSource journal, List<Finding> findings) {
        Set<@Nullable LedgerId> told =
                copy.chains().findings().stream().map(Finding::ledger).collect(Collectors.toSet());
        long behind = 0;
        try {
            for (Checkpoint head : heads) {
                long has = copy.chains().last(head.ledger());
                if (has >= head.sequence() || told.contains(head.ledger())) {
                    continue;
                }
                Claim claim = copy.claim();
                long last = claim == null ? has : claim.last(head.ledger(), has, journal);
                if (last > has) {
                    findings.add(new Finding(
                            head.ledger(),
                            (last == has + 1 ? "event " + last + " is" : "events " + (has + 1) + " to " + last + " are")
                                    + " missing in " + copy.title() + ", and " + claim.who()
                                    + " has come further than that"));
                }
                behind += head.sequence() - last;
            }
        } catch (CommandFailed e) {
            findings.add(new Finding(
                    null,
                    "events are missing in " + copy.title() + ", and whether they should be there cannot be told now. "
                            + e.getMessage()));
        }
        return behind;
    }
}
