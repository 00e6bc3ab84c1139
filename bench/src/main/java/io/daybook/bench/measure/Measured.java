package io.daybook.bench.measure;

import org.HdrHistogram.Histogram;

/**
 * What came of one round.
 *
 * @param count how many transfers were answered, or events were done
 * @param nanos how long it took until the last was
 * @param latencies from the call to the answer of each command, in nanoseconds; each round is a closed loop, so there is no
 *     schedule that could have been missed. None if nobody waits for answers
 */
public record Measured(long count, long nanos, Histogram latencies) {

    /** Transfers or events a second. */
    public double rate() {
        return count * 1e9 / nanos;
    }

    public static Histogram histogram() {
        return new Histogram(3);
    }
}
