package io.daybook.bench;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Times how something that waits is worked off. */
final class Backlog {

    private static final Duration INTERVAL = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Backlog() {}

    /** At work from when it is made until it is closed. */
    interface Worker extends AutoCloseable {

        /** How many events are done. */
        long done() throws Exception;
    }

    /**
     * Times a worker from the last look that saw nothing done, so that it does not matter how long it takes to start.
     *
     * @throws IllegalStateException if nothing is done for a minute
     */
    static Measured workOff(long events, Callable<? extends Worker> starting) throws Exception {
        try (Worker worker = starting.call()) {
            long start = System.nanoTime();
            long progressed = start;
            long before = 0;
            while (true) {
                long look = System.nanoTime();
                long done = worker.done();
                if (done >= events) {
                    return new Measured(events, System.nanoTime() - start, Measured.histogram());
                }
                if (done == 0) {
                    start = look;
                }
                if (done > before) {
                    before = done;
                    progressed = look;
                } else if (look - progressed > PATIENCE.toNanos()) {
                    throw new IllegalStateException("after " + done + " of " + events + " events it does not go on");
                }
                Thread.sleep(INTERVAL);
            }
        }
    }
}
