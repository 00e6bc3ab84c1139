package io.daybook.projections.projection;

import io.daybook.events.LedgerId;

/** An event is missing before the one that came. Going on would leave the books wrong without a sign of it. */
public final class GapException extends RuntimeException {

    private final long expected;

    GapException(LedgerId ledger, long expected, long found) {
        super("ledger " + ledger + ": event " + expected + " is missing, " + found + " came instead");
        this.expected = expected;
    }

    /** The sequence of the event that is missing. */
    public long expected() {
        return expected;
    }
}
