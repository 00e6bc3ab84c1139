package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Recalled;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Remembered;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Standing;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a repeat of what is in the journal already from something new. */
final class Repeats {

    private Repeats() {}

    /** What was decided about an earlier request with the same idempotency key; null if there was none. */
    static @Nullable Decision repeatOf(Identity identity, History history) {
        if (!identity.isKeyed()) {
            return null;
        }
        History.Entry earlier = history.event(identity.eventId());
        if (earlier != null) {
            return identity.isOf(earlier.fingerprint()) ? new Repeated(earlier.event()) : reused();
        }
        RememberedCommand remembered = history.remembered(identity.eventId());
        if (remembered == null) {
            return null;
        }
        if (!identity.isOf(remembered.fingerprint())) {
            return reused();
        }
        return remembered.answer() == null ? null : new Recalled(remembered);
    }

    private static Refused reused() {
        return new Refused(new IdempotencyKeyReused());
    }

    /**
     * The decision about something that is no repeat of an earlier request, to be remembered if it leads to no event. If it is
     * remembered that the key was used, that must do.
     */
    static Decision first(LedgerId ledger, Identity identity, Decision decision, History history) {
        return identity.isKeyed()
                        && decision instanceof Standing standing
                        && history.remembered(identity.eventId()) == null
                ? new Remembered(
                        RememberedCommand.of(ledger, identity, history.head().sequence(), standing))
                : decision;
    }

    /**
     * That the key of a batch was used, though nothing came of its first transaction, by which a repeat of a key is known;
     * null if that is known otherwise, or nothing came of any.
     */
    static @Nullable RememberedCommand use(PostTransactions post, List<Decision> decisions, History history) {
        Identity first = post.transactions().getFirst().identity();
        boolean isUsed = first.isKeyed()
                && decisions.getFirst() instanceof Refused
                && !decisions.stream().allMatch(Refused.class::isInstance)
                && history.remembered(first.eventId()) == null;
        return isUsed
                ? RememberedCommand.of(post.ledger(), first, history.head().sequence(), null)
                : null;
    }

    /** What is there already under the id or the reference that the client chose for a transaction, or null. */
    static @Nullable Decision meeting(RequestedTransaction transaction, History history) {
        History.Entry sameId = history.entity(transaction.id());
        if (sameId != null) {
            boolean sameContent =
                    sameId.event().event() instanceof TransactionPosted posted && transaction.describes(posted);
            return sameContent ? new Repeated(sameId.event()) : new Refused(new DuplicateId(transaction.id()));
        }
        if (transaction.reference() == null) {
            return null;
        }
        History.Entry sameReference = history.reference(transaction.reference());
        return sameReference != null && sameReference.event().event() instanceof TransactionPosted holder
                ? new Refused(new DuplicateReference(transaction.reference(), holder.id()))
                : null;
    }
}
