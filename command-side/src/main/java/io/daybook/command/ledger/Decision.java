package io.daybook.command.ledger;

import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;

/** What a ledger decides about a command, or about one transaction of it. */
public sealed interface Decision {

    /** It shall happen, under this identity. */
    record Accepted(LedgerCommand.Identity identity, LedgerEvent event) implements Decision {}

    /** It has happened elsewhere, and shall stand here as it stands there. */
    record Restored(PastEvent event) implements Decision {}

    /** What is asked for stands already. */
    sealed interface Standing extends Decision {}

    /** It has happened already: a repeat of an earlier request. */
    record Repeated(RecordedEvent event) implements Standing {}

    /**
     * There is nothing to change.
     *
     * @param standing what stands already, as the event that would say so
     */
    record Unchanged(LedgerEvent standing) implements Standing {}

    /**
     * It is the same as an earlier transaction of the same command, which is accepted.
     *
     * @param index of that one, from 0
     */
    record Same(LedgerCommand.Identity identity, int index) implements Decision {}

    /** What is asked for stands already, which shall be remembered under the idempotency key that it came with. */
    record Remembered(RememberedCommand command) implements Decision {}

    /** It is remembered elsewhere, and shall be remembered here: not a decision about an event of an imported history. */
    record Kept(RememberedCommand command) implements Decision {}

    /** A repeat of an earlier request that is remembered, as it led to no event. */
    record Recalled(RememberedCommand command) implements Decision {}

    record Refused(Rejection rejection) implements Decision {}
}
