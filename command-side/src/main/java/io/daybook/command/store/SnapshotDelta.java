package io.daybook.command.store;

import io.daybook.command.ledger.LedgerState.Changes;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;

/**
 * What brings a snapshot from one sequence to a later one.
 *
 * @param base a snapshot that has come to this sequence or further becomes right by it; 0 where none is needed
 * @param sequence of the last event that it holds
 * @param chain the version of the hash chain that it is hashed under
 * @param hash of that event, in hexadecimal
 * @param opened how the ledger was opened, with its metadata after that event
 * @param changes every account and hold that was touched after {@code base}
 */
public record SnapshotDelta(
        LedgerId ledger, long base, long sequence, int chain, String hash, LedgerOpened opened, Changes changes) {

    /**
     * This one and {@code later} as one. The changes of this one are used up.
     *
     * @throws IllegalArgumentException if events lie between the two
     */
    public SnapshotDelta followedBy(SnapshotDelta later) {
        if (later.base() > sequence) {
            throw new IllegalArgumentException(
                    "the changes from " + later.base() + " do not follow on those up to " + sequence);
        }
        if (later.base() <= base) {
            return later; // the ledger was read anew; what came of it holds all that this one does
        }
        changes.accounts().putAll(later.changes().accounts());
        changes.holds().putAll(later.changes().holds());
        return new SnapshotDelta(ledger, base, later.sequence(), later.chain(), later.hash(), later.opened(), changes);
    }
}
