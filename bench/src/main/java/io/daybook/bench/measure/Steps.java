package io.daybook.bench.measure;

import java.time.Duration;

/** Is told how a run goes on. */
public interface Steps {

    /**
     * A part of it begins.
     *
     * @param planned about how long it takes
     */
    void begin(String what, Duration planned);

    /**
     * The part that began last is over.
     *
     * @param measured what came of it
     */
    void end(String measured);
}
