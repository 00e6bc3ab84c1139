package io.daybook.projections.guard;

import java.time.Duration;

/**
 * How the guard goes about its work.
 *
 * @param interval between two looks at what was appended to the journal
 * @param share of the time in which the stores are asked something, by the looks and by the rounds each: above 0, at most 1
 * @param grace for how long something must be missing after the projection has read all that was published, before it is
 *     taken for lost
 * @param pause before each round over all ledgers
 * @param healLimit how many ledgers of a projection are healed at a time, at least 1
 * @param healPause between the beginnings of two lots of these
 */
record GuardProperties(
        Duration interval, double share, Duration grace, Duration pause, int healLimit, Duration healPause) {

    GuardProperties {
        if (interval.isNegative() || grace.isNegative() || pause.isNegative() || healPause.isNegative()) {
            throw new IllegalArgumentException(
                    "daybook.guard.interval, .grace, .pause and .heal-pause are not negative");
        }
        if (healLimit < 1) {
            throw new IllegalArgumentException("daybook.guard.heal-limit is at least 1, not " + healLimit);
        }
    }
}
