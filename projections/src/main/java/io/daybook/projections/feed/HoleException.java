package io.daybook.projections.feed;

import io.daybook.events.LedgerId;

/** An event is missing before the one that came. Going on would leave the books wrong without a sign of it. */
public final class HoleException extends RuntimeException {

    HoleException(LedgerId ledger, long expected, long found) {
        super("ledger " + ledger + ": event " + expected + " is missing, " + found + " came instead");
    }
}
