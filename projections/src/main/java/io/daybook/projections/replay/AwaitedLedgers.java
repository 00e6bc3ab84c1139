package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ledgers that must have come to an event before a generation is exchanged, and since when none has come. For one thread. */
final class AwaitedLedgers {

    /** How far a ledger has come. */
    @FunctionalInterface
    interface Position {
        long of(LedgerId ledger) throws Exception;
    }

    private final Map<LedgerId, Long> sequences;
    private Instant since = Instant.now();

    AwaitedLedgers(Map<LedgerId, Long> sequences) {
        this.sequences = new HashMap<>(sequences);
    }

    /**
     * Looks how far they have come.
     *
     * @param parked those that are not awaited
     * @return whether all have
     */
    boolean haveCome(Collection<LedgerId> parked, Position position) throws Exception {
        int before = sequences.size();
        sequences.keySet().removeAll(parked);
        for (Map.Entry<LedgerId, Long> awaited : List.copyOf(sequences.entrySet())) {
            if (position.of(awaited.getKey()) < awaited.getValue()) {
                break;
            }
            sequences.remove(awaited.getKey());
        }
        if (sequences.size() < before) {
            since = Instant.now();
        }
        return sequences.isEmpty();
    }

    /** For how long none of them has come. */
    Duration silence() {
        return Duration.between(since, Instant.now());
    }

    @Override
    public String toString() {
        Map.Entry<LedgerId, Long> first = sequences.entrySet().iterator().next();
        return "event " + first.getValue() + " of ledger " + first.getKey() + " does not come"
                + (sequences.size() > 1 ? ", nor those of " + (sequences.size() - 1) + " other ledgers" : "");
    }
}
