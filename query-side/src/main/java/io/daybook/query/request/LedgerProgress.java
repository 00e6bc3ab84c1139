package io.daybook.query.request;

import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.Optional;

/** Tells when a ledger has come far enough in one of the stores. */
public interface LedgerProgress {

    /** Returns when the ledger may have come to {@code sequence}, at the latest after {@code atMost}; to be looked at then. */
    void await(LedgerId ledger, long sequence, Duration atMost) throws InterruptedException;

    /** Why the ledger will not come to {@code sequence} by itself; empty if it will, or nobody knows. */
    Optional<String> obstacle(LedgerId ledger, long sequence);
}
