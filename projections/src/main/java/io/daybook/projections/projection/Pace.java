package io.daybook.projections.projection;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Keeps what is asked of stores on the side to a share of their time: after each question it rests as much longer as the share
 * is smaller. One question is under way at a time.
 */
public final class Pace {

    private final double share;
    private long busyNanos;

    /**
     * @param share of the time in which a question is under way, above 0, at most 1
     */
    public Pace(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of the time is above 0 and at most 1, not " + share);
        }
        this.share = share;
    }

    /** Asks, and rests. */
    public <T> T ask(Callable<T> question) throws Exception {
        long began = System.nanoTime();
        T answer = question.call();
        long took = System.nanoTime() - began;
        busyNanos += took;
        Thread.sleep(rest(Duration.ofNanos(took)));
        return answer;
    }

    Duration rest(Duration took) {
        return Duration.ofNanos((long) (took.toNanos() * (1 / share - 1)));
    }

    /** For how long questions have been under way, altogether. */
    public Duration busy() {
        return Duration.ofNanos(busyNanos);
    }
}
