package io.daybook.bench;

import java.time.Duration;

/** Something that takes transfers: Daybook, or what it is compared with. It has a database of its own. */
interface Subject extends AutoCloseable {

    /** What it is called in a report. */
    String name();

    /**
     * Takes transfers for a while, one after the other is answered.
     *
     * @throws Exception if it cannot; the run is then worth nothing
     */
    Measured run(Duration duration) throws Exception;

    /**
     * @throws AssertionError if the books are not those of the transfers that were answered
     */
    void verify();

    @Override
    void close();
}
