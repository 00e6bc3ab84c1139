package io.daybook.projections.work;

import java.time.Duration;

/** Something that is looked after again and again, step by step, by one thread. Its text names it in the log. */
public interface Work {

    /** Takes the next step, if there is one to take. It may fail: then it is taken again after the pause. */
    void step() throws Exception;

    /** How long to wait before the next step. */
    Duration pause();

    /** It is about to be interrupted: what fails from here on says nothing. It is told by another thread. */
    default void stopping() {}

    /** No other step follows. It is told by the thread that took the steps. */
    default void stop() {}
}
