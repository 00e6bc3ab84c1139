package io.daybook.cli.proof;

import io.daybook.axon.StoredEvent;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Follows the hash chain of every ledger in one source of events. Of each ledger the first break is told: what comes after
 * it differs as a consequence.
 *
 * <p>A hash stands for all of history up to it. So whatever has copies of the same events is compared by the last hash that
 * it has of each ledger, as a checkpoint is, once its own chains were followed.
 */
final class Chains {

    /** What is wrong, in a sentence for people. */
    record Finding(LedgerId ledger, String sentence) {}

    /**
     * Where a ledger must have come by.
     *
     * @param where who says so, such as {@code in the books}
     */
    private record Mark(String where, Checkpoint checkpoint) {}

    private final String title;
    private final Map<LedgerId, Chain> chains = new HashMap<>();
    private final Map<LedgerId, List<Mark>> marks = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private long events;

    /**
     * @param title what the source is called after "in"
     */
    Chains(String title) {
        this.title = title;
    }

    /** From now on, the ledgers must come by these. */
    void mark(String where, Iterable<Checkpoint> checkpoints) {
        checkpoints.forEach(checkpoint -> marks.computeIfAbsent(checkpoint.ledger(), ledger -> new ArrayList<>())
                .add(new Mark(where, checkpoint)));
    }

    /** The next event of its ledger. */
    void take(StoredEvent event) {
        events++;
        chains.computeIfAbsent(new LedgerId(event.ledger()), Chain::new).take(event);
    }

    /** That was all. */
    void end() {
        marks.forEach((ledger, all) -> {
            long last = chains.computeIfAbsent(ledger, Chain::new).last;
            for (Mark mark : all) {
                if (mark.checkpoint().sequence() > last) {
                    tell(
                            ledger,
                            "it has " + mark.checkpoint().sequence() + " events " + mark.where() + ", and " + last
                                    + " in " + title);
                }
            }
        });
    }

    long events() {
        return events;
    }

    /** Everything that is wrong; empty if nothing is. */
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The last event of each ledger. */
    List<Checkpoint> heads() {
        return chains.values().stream()
                .filter(chain -> chain.last > 0)
                .map(chain -> new Checkpoint(chain.ledger, chain.last, chain.lastHash))
                .toList();
    }

    private void tell(LedgerId ledger, String sentence) {
        findings.add(new Finding(ledger, sentence));
    }

    /** One ledger's. */
    private final class Chain {

        private final LedgerId ledger;
        private String lastHash = "";
        private long last;

        /** What the next hash is computed with, as long as nothing was wrong. */
        private byte[] previous = HashChain.genesis();

        private boolean isBroken;

        Chain(LedgerId ledger) {
            this.ledger = ledger;
        }

        void take(StoredEvent event) {
            if (event.sequence() <= last) {
                requireSame(event);
                return;
            }
            if (!isBroken) {
                requireChained(event);
            }
            last = event.sequence();
            lastHash = event.hash();
            for (Mark mark : marks.getOrDefault(ledger, List.of())) {
                require(mark, event);
            }
        }

        /** Kafka has an event twice when a publication was cut off. */
        private void requireSame(StoredEvent event) {
            if (event.sequence() == last && !event.hash().equals(lastHash)) {
                broken("event " + last + " is there twice in " + title + ", and not the same");
            }
        }

        private void requireChained(StoredEvent event) {
            if (event.sequence() != last + 1) {
                broken("event " + (last + 1) + " is missing in " + title + "; the next there is " + event.sequence());
                return;
            }
            previous = HashChain.next(
                    previous,
                    ledger,
                    event.sequence(),
                    event.id(),
                    event.type(),
                    event.recordedAt(),
                    event.requestId(),
                    event.actor(),
                    event.data());
            String expected = HexFormat.of().formatHex(previous);
            if (!expected.equals(event.hash())) {
                broken("event " + event.sequence() + " in " + title
                        + " is not the one that was recorded: its hash should be " + expected + ", and is "
                        + event.hash());
            }
        }

        private void broken(String sentence) {
            isBroken = true;
            tell(ledger, sentence);
        }

        private void require(Mark mark, StoredEvent event) {
            if (mark.checkpoint().sequence() == event.sequence()
                    && !mark.checkpoint().hash().equals(event.hash())) {
                tell(
                        ledger,
                        "event " + event.sequence() + " has the hash "
                                + mark.checkpoint().hash() + " " + mark.where() + ", and " + event.hash() + " in "
                                + title);
            }
        }
    }
}
