package io.daybook.projections.books;

import io.daybook.events.Amount;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A balance that the events of batches move on, one after the other. What a batch has changed can be taken back. */
final class RunningBalance {

    private final BalanceKey key;
    private @Nullable Balance before;
    private @Nullable Balance now;
    private boolean touched;

    /** One of which nothing is known yet. */
    RunningBalance(BalanceKey key) {
        this.key = key;
    }

    BalanceKey key() {
        return key;
    }

    /** Before a batch. */
    void become(Balance balance) {
        now = balance;
    }

    Balance now() {
        return Objects.requireNonNull(now, "a balance that was not read");
    }

    boolean isKnown() {
        return now != null;
    }

    /** Whether this is the first time in a batch. */
    boolean touch() {
        boolean isFirst = !touched;
        if (isFirst) {
            touched = true;
            before = now;
        }
        return isFirst;
    }

    /** Ends a batch: it is as it is now. */
    void keep() {
        touched = false;
    }

    /** Ends a batch: it is as it was before. */
    void takeBack() {
        touched = false;
        now = before;
    }

    /** What it is then. */
    Balance in(Amount amount) {
        return now = now().in(amount);
    }

    /** What it is then. */
    Balance out(Amount amount) {
        return now = now().out(amount);
    }

    void hold(Amount amount, Instant recordedAt) {
        now = now().hold(amount, recordedAt);
    }

    /**
     * @throws IllegalStateException if more is released than is held
     */
    void release(Amount amount, Instant recordedAt) {
        now = now().release(amount, recordedAt);
    }

    /** All of its entries are in its days and hours. */
    void fold() {
        now = now().folded();
    }
}
