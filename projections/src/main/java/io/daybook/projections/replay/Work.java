package io.daybook.projections.replay;

/** Something that is looked after again and again, step by step, by one thread. */
interface Work {

    /** Takes the next step, if there is one to take. */
    void step() throws Exception;

    /** Whether another step is likely to be possible soon. */
    default boolean isUnderWay() {
        return false;
    }

    /** No other step follows. */
    default void stop() {}
}
