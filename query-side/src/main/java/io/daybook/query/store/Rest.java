package io.daybook.query.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a store that failed alone for a while, so that not every query waits for it. */
final class Rest {

    private final Duration time;
    private final AtomicLong until = new AtomicLong(System.nanoTime());

    Rest(Duration time) {
        this.time = time;
    }

    boolean isOver() {
        return System.nanoTime() - until.get() >= 0;
    }

    void begin() {
        until.set(System.nanoTime() + time.toNanos());
    }
}
