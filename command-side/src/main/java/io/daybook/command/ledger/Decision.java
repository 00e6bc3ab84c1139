package io.daybook.command.ledger;

import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;

/** What a ledger decides about a command, or about one transaction of it. */
public sealed interface Decision {

    /** It shall happen, under this identity. */
    record Accepted(LedgerCommand.Identity identity, LedgerEvent event) implements Decision {}

    /** It has happened elsewhere, and shall stand here as it stands there. */
    record Restored(PastEvent event) implements Decision {}

    /** It has happened already: a repeat of an earlier request. */
    record Repeated(RecordedEvent event) implements Decision {}

    /**
     * There is nothing to change.
     *
     * @param standing what stands already
     */
    record Unchanged(LedgerEvent standing) implements Decision {}

    record Refused(Rejection rejection) implements Decision {}
}
