package io.daybook.command.bus;

/** Hears what the writers do, for measuring. It is called on a writer's thread, so it must be quick; and it must not throw. */
public interface BatchListener {

    /**
     * A batch that was committed, and whose commands have been answered.
     *
     * @param results what came of each command, in their order
     * @param nanos how long each of them took, from when it was dispatched until it was answered
     * @param handlingNanos how long it took to handle them all
     * @param commitNanos how long it took after that to write what they led to, and to commit it
     */
    record Batch(Object[] results, long[] nanos, long handlingNanos, long commitNanos) {}

    void committed(Batch batch);

    /** Nothing came of these commands, as something is wrong. */
    void failed(int commands);

    /** A command was not taken, as too many are waiting. Called on its caller's thread. */
    void notTaken();
}
