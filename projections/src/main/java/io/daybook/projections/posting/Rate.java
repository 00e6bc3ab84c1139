package io.daybook.projections.posting;

/** How fast something goes that is counted: events a second, smoothed over the last seconds. For one thread. */
public final class Rate {

    /** What was before a second has this share of what is told now. */
    private static final double SHARE_OF_BEFORE = 0.7;

    private static final double SHORTEST_SECONDS = 0.001;

    private long count;
    private double rate;
    private long atNanos = System.nanoTime();

    /**
     * Counts on, from nothing at the beginning.
     *
     * @param count how many there have been by now
     * @return events a second, to a tenth
     */
    public double at(long count) {
        long now = System.nanoTime();
        double seconds = Math.max(SHORTEST_SECONDS, (now - atNanos) / 1e9);
        double latest = (count - this.count) / seconds;
        rate = latest + Math.pow(SHARE_OF_BEFORE, seconds) * (rate - latest);
        this.count = count;
        atNanos = now;
        return Math.round(rate * 10) / 10.0;
    }
}
