package io.daybook.projections.projection;

/** Failures in a line. */
public final class Reasons {

    /** A message may carry what was sent; more than this helps nobody. */
    private static final int MAX_LENGTH = 500;

    private Reasons() {}

    /** What the first cause says. */
    public static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = root.getMessage() == null ? root.toString() : root.getMessage();
        return reason.length() > MAX_LENGTH ? reason.substring(0, MAX_LENGTH) + "…" : reason;
    }
}
