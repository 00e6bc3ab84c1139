package io.daybook.projections.feed;

/** Failures in a line. */
final class Reasons {

    /** A message may carry what was sent; more than this helps nobody. */
    private static final int MAX_LENGTH = 500;

    private Reasons() {}

    /** What the first cause says. */
    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = root.getMessage() == null ? root.toString() : root.getMessage();
        return reason.length() > MAX_LENGTH ? reason.substring(0, MAX_LENGTH) + "…" : reason;
    }
}
