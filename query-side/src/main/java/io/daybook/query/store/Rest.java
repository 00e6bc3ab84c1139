package io.daybook.query.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a store that failed alone for a second, so that not every query waits for it. */
final class Rest {

    private static final Duration TIME = Duration.ofSeconds(1);

    private final AtomicLong until = new AtomicLong(System.nanoTime());

    boolean isOver() {
        return System.nanoTime() - until.get() >= 0;
    }

    void begin() {
        until.set(System.nanoTime() + TIME.toNanos());
    }
}
