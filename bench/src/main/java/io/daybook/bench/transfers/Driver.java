package io.daybook.bench.transfers;

import io.daybook.bench.measure.Measured;
import java.time.Duration;

/** Gives transfers to Daybook in one {@link Way} and checks its answers. */
public interface Driver extends AutoCloseable {

    /**
     * Gives transfers for a while.
     *
     * @throws Exception if one was not recorded; the run is then worth nothing
     */
    Measured run(Duration duration) throws Exception;

    @Override
    default void close() {}
}
