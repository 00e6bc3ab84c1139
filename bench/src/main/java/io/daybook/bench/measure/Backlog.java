package io.daybook.bench.measure;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Times how something that waits is worked off. */
public final class Backlog {

    private static final Duration INTERVAL = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Backlog() {}

    /** At work from when it is made until it is closed. */
    public interface Worker extends AutoCloseable {

        /** How many events are done. */
        long done() throws Exception;
    }

    /**
     * Times a worker from when the first events are seen to be done, so that it does not matter how long it takes to start,
     * nor how many it does at a time: the time of all is that of the others in proportion.
     *
     * @throws IllegalStateException if nothing is done for a minute
     */
    public static Measured workOff(long events, Callable<? extends Worker> starting) throws Exception {
        try (Worker worker = starting.call()) {
            long start = System.nanoTime();
            long progressed = start;
            long first = 0;
            long before = 0;
            while (true) {
                long look = System.nanoTime();
                long done = worker.done();
                if (done >= events) {
                    double share = (double) (events - first) / events;
                    return new Measured(events, (long) ((System.nanoTime() - start) / share), Measured.histogram());
                }
                if (before == 0) {
                    start = look;
                    first = done;
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
