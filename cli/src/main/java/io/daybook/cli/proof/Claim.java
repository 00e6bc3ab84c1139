package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;

/**
 * How far a copy has come, as whoever fills it says. What was claimed before the copy is read must be in it: so what has been
 * cut off its end is told from what has not come yet.
 */
interface Claim {

    /** Who says so. */
    String who();

    /**
     * The last event of a ledger that the copy must have.
     *
     * @param has the last one that it has, with others after it in the journal
     * @return {@code has} if the others may not have come yet
     * @throws CommandFailed if that cannot be told
     */
    long last(LedgerId ledger, long has, JournalEventSource journal);

    /** What must be the same when the copy has been read; if it is not, another copy may have been read. */
    Object circumstances();
}
