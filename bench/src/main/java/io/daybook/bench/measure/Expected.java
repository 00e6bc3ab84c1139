package io.daybook.bench.measure;

/** What should be there after a round. */
public final class Expected {

    private Expected() {}

    /** Tells of a number that is not what it should be. */
    public static void require(String what, long expected, long found) {
        if (expected != found) {
            throw new AssertionError(found + " " + what + " are there, " + expected + " should be");
        }
    }
}
