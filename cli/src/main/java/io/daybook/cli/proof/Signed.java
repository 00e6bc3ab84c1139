package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.events.LedgerId;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the signature of a checkpoint reaches in each ledger: up to the event whose hash it has, as that stands for all
 * before. What comes after it is chained to it, which anybody can do.
 */
final class Signed {

    private final Map<LedgerId, Long> sequences = new HashMap<>();

    Signed(List<Checkpoint> checkpoints) {
        checkpoints.forEach(checkpoint -> sequences.put(checkpoint.ledger(), checkpoint.sequence()));
    }

    private long of(Checkpoint head) {
        return Math.min(sequences.getOrDefault(head.ledger(), 0L), head.sequence());
    }

    /** Of the ledgers with which nothing is wrong. */
    void tellEach(Proof proof, PrintWriter out) {
        Set<@Nullable LedgerId> wrong =
                proof.findings().stream().map(Finding::ledger).collect(Collectors.toSet());
        proof.heads().stream()
                .filter(head -> !wrong.contains(head.ledger()))
                .sorted(Comparator.comparing(Checkpoint::ledger))
                .forEach(head -> out.println("ledger " + head.ledger() + ": " + reach(of(head), head.sequence())));
    }

    private static String reach(long signed, long events) {
        if (signed == events) {
            return "signed up to event " + signed + ", which is its last";
        }
        return (signed == 0 ? "not signed" : "signed up to event " + signed)
                + (events == signed + 1
                        ? ", event " + events + " is"
                        : ", events " + (signed + 1) + " to " + events + " are")
                + " chained only";
    }

    /** Of all together; nothing if all are signed. */
    void tellAll(Proof proof, PrintWriter out) {
        long signed = proof.heads().stream().mapToLong(this::of).sum();
        if (signed < proof.events()) {
            out.printf(
                    Locale.ROOT,
                    "%,d of them are signed at the checkpoint. The others came later and are chained only: a later"
                            + " checkpoint signs them.%n",
                    signed);
        }
    }
}
