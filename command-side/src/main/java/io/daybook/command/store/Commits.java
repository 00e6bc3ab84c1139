package io.daybook.command.store;

/** Counts what was committed to the journal by this process, and wakes those who wait for more. */
final class Commits {

    private long count;

    synchronized void happened() {
        count++;
        notifyAll();
    }

    synchronized long count() {
        return count;
    }

    /** Waits until there are more than {@code known}, but no longer than the time given. */
    synchronized void await(long known, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; count == known && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
