package io.daybook.bench;

import org.HdrHistogram.Histogram;

/**
 * What came of one round.
 *
 * @param transfers how many were answered
 * @param nanos how long it took until the last was
 * @param latencies from the call to the answer of each command, in nanoseconds; each round is a closed loop, so there is no
 *     schedule that could have been missed
 */
record Measured(long transfers, long nanos, Histogram latencies) {

    /** Transfers a second. */
    double rate() {
        return transfers * 1e9 / nanos;
    }

    static Histogram histogram() {
        return new Histogram(3);
    }
}
