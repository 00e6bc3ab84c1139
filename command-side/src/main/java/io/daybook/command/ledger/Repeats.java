package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.Single;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.events.LedgerEvent.TransactionPosted;
import org.jspecify.annotations.Nullable;

/** Tells a repeat of what is in the journal already from something new. */
final class Repeats {

    private Repeats() {}

    /** What needs no look at the command's content: the ledger is not there, or the command is a repeat. */
    static @Nullable Decision settled(Single command, LedgerState state, History history) {
        return state.isOpen()
                ? repeatOf(command.identity(), history)
                : new Refused(new LedgerNotFound(command.ledger()));
    }

    static @Nullable Decision repeatOf(Identity identity, History history) {
        if (!identity.isKeyed()) {
            return null;
        }
        History.Entry earlier = history.event(identity.eventId());
        if (earlier == null) {
            return null;
        }
        return identity.fingerprint().equals(earlier.fingerprint())
                ? new Repeated(earlier.event())
                : new Refused(new IdempotencyKeyReused());
    }

    static @Nullable Decision repeatOf(Transfer transfer, History history) {
        Decision repeat = repeatOf(transfer.identity(), history);
        if (repeat != null) {
            return repeat;
        }
        History.Entry sameId = history.entity(transfer.id());
        if (sameId != null) {
            boolean sameContent =
                    sameId.event().event() instanceof TransactionPosted posted && transfer.describes(posted);
            return sameContent ? new Repeated(sameId.event()) : new Refused(new DuplicateId(transfer.id()));
        }
        if (transfer.reference() == null) {
            return null;
        }
        History.Entry sameReference = history.reference(transfer.reference());
        return sameReference != null && sameReference.event().event() instanceof TransactionPosted holder
                ? new Refused(new DuplicateReference(transfer.reference(), holder.id()))
                : null;
    }
}
