package io.daybook.projections.projection;

import org.jspecify.annotations.Nullable;

/**
 * What a store has of a ledger, counted.
 *
 * @param isKnown whether it could be told; if not, nothing is said of it
 * @param fault what it lacks, or has too much of, in words; null if it has just what it should have
 */
public record LedgerCount(boolean isKnown, @Nullable String fault) {

    public static final LedgerCount COMPLETE = new LedgerCount(true, null);
    public static final LedgerCount UNKNOWN = new LedgerCount(false, null);

    private static LedgerCount wrong(String fault) {
        return new LedgerCount(true, fault);
    }

    /** Complete if there are as many as there should be. */
    public static LedgerCount of(String what, long found, long expected) {
        return found == expected ? COMPLETE : wrong("it has %d %s where there are %d".formatted(found, what, expected));
    }

    /** Complete if the store has come as far as the journal. */
    public static LedgerCount reached(long sequence, long head) {
        return sequence >= head
                ? COMPLETE
                : wrong("it has come to event %d, and the last one is %d".formatted(sequence, head));
    }

    public boolean isComplete() {
        return isKnown && fault == null;
    }

    /** This one, unless it is complete; then the other. */
    public LedgerCount and(LedgerCount other) {
        return isComplete() ? other : this;
    }
}
