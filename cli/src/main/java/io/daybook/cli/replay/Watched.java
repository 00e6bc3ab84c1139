package io.daybook.cli.replay;

/** A row in the books' database that tells what becomes of something that was asked for. */
sealed interface Watched permits Generations.Row, Repairs.Row {

    /** The projection, and the ledger if it is about one. */
    String title();

    /** Whether it is not over yet. */
    boolean isUnderWay();

    /** Whether events are posted for it. */
    boolean isPosting();

    /** How many there are to post. */
    long events();

    /** How many of them are left. */
    long behind();

    /** What there is to tell while it is under way; empty for nothing. */
    String note();

    /** What there is to tell when it is over. */
    String outcome();
}
