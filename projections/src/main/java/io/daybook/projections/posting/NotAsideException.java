package io.daybook.projections.posting;

/**
 * A generation was aside and is not any more: it was exchanged or dropped, and who posted to it ends. It is expected, and has
 * no stack trace, as it is logged each time.
 */
final class NotAsideException extends RuntimeException {

    NotAsideException(String projection, int generation) {
        super(
                "generation " + generation + " of " + projection + " is not aside any more; it is not posted to",
                null,
                false,
                false);
    }
}
