package io.daybook.command.aggregate;

import io.daybook.command.ledger.History;
import io.daybook.command.ledger.Rejection;
import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;
import java.util.List;

/**
 * What came of a command.
 *
 * @param outcomes one for each decision of the ledger about the command or a transaction or event of it, in their order
 * @param sequence how far the ledger had come after it, or after the earlier request that it repeats; 0 if there is no such
 *     ledger
 */
public record LedgerAnswer(List<Outcome> outcomes, long sequence) {

    /** What came of a command, or of one transaction of it. */
    public sealed interface Outcome {

        /**
         * It is in the journal.
         *
         * @param repeated whether it was there already, from an earlier request
         */
        record Recorded(RecordedEvent event, boolean repeated) implements Outcome {}

        /**
         * There was nothing to change.
         *
         * @param repeated whether an earlier request was answered so, with the same idempotency key
         */
        record Unchanged(LedgerEvent standing, boolean repeated) implements Outcome {}

        /**
         * A part of a history came without an event.
         *
         * @param head where the ledger stands
         */
        record Stood(History.Head head) implements Outcome {}

        record Refused(Rejection rejection) implements Outcome {}
    }
}
