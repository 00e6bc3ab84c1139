package io.daybook.cli.proof;

import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the hash chain of every ledger in one source of events. Of each ledger the first break is told: what comes after
 * it differs as a consequence.
 *
 * <p>A hash stands for all of history up to it. So whatever has copies of the same events is compared by the last hash that
 * it has of each ledger, as a checkpoint is, once its own chains were followed.
 */
final class Chains {

    /** Of one ledger, so many things that do not belong there are told one by one. */
    private static final int MAX_STRANGE = 10;

    /**
     * What is wrong, in a sentence for people.
     *
     * @param ledger whose it is; null if it is nobody's
     */
    record Finding(@Nullable LedgerId ledger, String sentence) {

        /**
         * @param ledger whatever stands where a ledger's name should
         */
        static Finding of(@Nullable String ledger, String sentence) {
            try {
                return new Finding(ledger == null ? null : new LedgerId(ledger), sentence);
            } catch (IllegalArgumentException e) {
                return new Finding(null, sentence);
            }
        }
    }

    /**
     * Where a ledger must have come by.
     *
     * @param where who says so, such as {@code in the books}
     */
    private record Mark(String where, Checkpoint checkpoint) {}

    private final String title;
    private final boolean mayRepeat;
    private final Map<LedgerId, Chain> chains = new HashMap<>();
    private final Map<LedgerId, List<Mark>> marks = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<@Nullable LedgerId, Integer> strange = new HashMap<>();
    private long events;

    Chains(EventSource source) {
        this.title = source.title();
        this.mayRepeat = source.mayRepeat();
    }

    /** From now on, the ledgers must come by these. */
    void mark(String where, Iterable<Checkpoint> checkpoints) {
        checkpoints.forEach(checkpoint -> marks.computeIfAbsent(checkpoint.ledger(), ledger -> new ArrayList<>())
                .add(new Mark(where, checkpoint)));
    }

    /** The next event of its ledger. */
    void take(StoredEvent event) {
        LedgerId ledger;
        try {
            ledger = new LedgerId(event.ledger());
        } catch (IllegalArgumentException e) {
            strange(new Finding(
                    null,
                    "event " + event.sequence() + " of '" + event.ledger() + "' in " + title + ": " + e.getMessage()));
            return;
        }
        events++;
        chains.computeIfAbsent(ledger, Chain::new).take(event);
    }

    /** Something that does not belong there. */
    void strange(Finding finding) {
        if (strange.merge(finding.ledger(), 1, Integer::sum) <= MAX_STRANGE) {
            findings.add(finding);
        }
    }

    /**
     * That was all.
     *
     * @param positions the last event of each ledger that the source says to have; null if it says nothing
     */
    void end(@Nullable Map<String, Long> positions) {
        strange.forEach((ledger, count) -> {
            if (count > MAX_STRANGE) {
                tell(ledger, (count - MAX_STRANGE) + " more things in " + title + " are like these");
            }
        });
        if (positions != null) {
            chains.forEach((ledger, chain) -> {
                long position = positions.getOrDefault(ledger.value(), 0L);
                if (position != chain.last) {
                    tell(ledger, falsePosition(chain.last, position));
                }
            });
            positions.forEach((ledger, position) -> {
                Finding finding = Finding.of(ledger, falsePosition(0, position));
                if (finding.ledger() == null || !chains.containsKey(finding.ledger())) {
                    findings.add(finding);
                }
            });
        }
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

    private String falsePosition(long last, long position) {
        return "it has " + last + " events in " + title + ", where it is said to have come to event " + position;
    }

    /** The last event of a ledger; 0 if there is none. */
    long last(LedgerId ledger) {
        Chain chain = chains.get(ledger);
        return chain == null ? 0 : chain.last;
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
                .map(chain -> new Checkpoint(chain.ledger, chain.last, chain.version, chain.lastHash))
                .toList();
    }

    private void tell(@Nullable LedgerId ledger, String sentence) {
        findings.add(new Finding(ledger, sentence));
    }

    /** One ledger's. */
    private final class Chain {

        private final LedgerId ledger;
        private int version = HashChain.FIRST_VERSION;
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
                repeated(event);
                return;
            }
            if (!isBroken) {
                requireChained(event);
            }
            last = event.sequence();
            version = event.chain();
            lastHash = event.hash();
            for (Mark mark : marks.getOrDefault(ledger, List.of())) {
                require(mark, event);
            }
        }

        private void repeated(StoredEvent event) {
            if (event.sequence() == last && !event.hash().equals(lastHash)) {
                broken("event " + last + " is there twice in " + title + ", and not the same");
            } else if (!mayRepeat) {
                broken("event " + event.sequence() + " in " + title + " is where event " + (last + 1) + " should be");
            }
        }

        private void requireChained(StoredEvent event) {
            if (event.sequence() != last + 1) {
                broken("event " + (last + 1) + " is missing in " + title + "; the next there is " + event.sequence());
                return;
            }
            String flaw = HashChain.flaw(version, event.chain());
            if (flaw != null) {
                broken("event " + event.sequence() + " in " + title + " is not one that can be there: " + flaw);
                return;
            }
            previous = HashChain.next(
                    previous,
                    event.chain(),
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

        /** The first time; what comes after it is a consequence. */
        private void broken(String sentence) {
            if (!isBroken) {
                isBroken = true;
                tell(ledger, sentence);
            }
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
