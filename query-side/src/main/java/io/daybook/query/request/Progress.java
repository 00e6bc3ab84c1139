package io.daybook.query.request;

import io.daybook.events.LedgerId;
import java.time.Duration;

/** Tells when a ledger has come far enough in one of the stores. */
@FunctionalInterface
public interface Progress {

    /** Returns when the ledger may have come to {@code sequence}, at the latest after {@code atMost}; to be looked at then. */
    void await(LedgerId ledger, long sequence, Duration atMost) throws InterruptedException;
}
