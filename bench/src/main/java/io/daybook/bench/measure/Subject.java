package io.daybook.bench.measure;

import java.time.Duration;

/** Something that does what a scenario asks for: Daybook, or what it is compared with. It has a database of its own. */
public interface Subject extends AutoCloseable {

    /** What it is called in a report. */
    String name();

    /**
     * Does a round: takes transfers for a while, or works off a backlog once.
     *
     * @throws Exception if it cannot; the run is then worth nothing
     */
    Measured run(Duration duration) throws Exception;

    /** Follows a round, and is not measured: does what its stores would do in the background of the next one's round. */
    default void rest() {}

    /**
     * @throws AssertionError if what is stored is not what was answered or done
     */
    void verify();

    @Override
    void close();
}
