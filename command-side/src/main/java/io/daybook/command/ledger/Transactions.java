package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Same;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.Rejection.AlreadyReversed;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.NotApplied;
import io.daybook.command.ledger.Rejection.TransactionNotFound;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How transactions are decided. */
final class Transactions {

    private Transactions() {}

    static List<Decision> post(PostTransactions post, LedgerState state, History history, Instant now) {
        if (!state.isOpen()) {
            return refuseAll(post, new LedgerNotFound(post.ledger()));
        }
        // The whole request came under one key, so one transaction that was recorded for another request tells of all.
        for (Transfer transfer : post.transactions()) {
            if (Repeats.repeatOf(transfer.identity(), history) instanceof Refused(IdempotencyKeyReused reused)) {
                return refuseAll(post, reused);
            }
        }
        Draft draft = new Draft(state);
        Newcomers newcomers = new Newcomers();
        List<Decision> decisions = new ArrayList<>(post.transactions().size());
        for (Transfer transfer : post.transactions()) {
            Decision decision = Repeats.repeatOf(transfer.identity(), history);
            if (decision == null) {
                decision = decideTransfer(transfer, draft, history, newcomers, now);
                decision = Repeats.first(post.ledger(), transfer.identity(), decision, history);
            }
            if (decision instanceof Accepted(var identity, TransactionPosted posted)) {
                newcomers.add(posted, decisions.size());
            }
            if (post.atomic() && decision instanceof Refused refused) {
                return refuseAllFor(decisions.size(), refused, post);
            }
            decisions.add(decision);
        }
        return decisions;
    }

    private static Decision decideTransfer(
            Transfer transfer, Draft draft, History history, Newcomers newcomers, Instant now) {
        Decision met = Repeats.meeting(transfer, history);
        if (met == null) {
            met = newcomers.meeting(transfer);
        }
        if (met != null) {
            return met;
        }
        List<Posting> postings = new ArrayList<>(transfer.postings().size());
        for (Movement movement : transfer.postings()) {
            Rejection rejection = PostingRules.move(movement, draft, postings);
            if (rejection != null) {
                draft.drop();
                return new Refused(rejection);
            }
        }
        draft.keep();
        return new Accepted(
                transfer.identity(),
                new TransactionPosted(
                        transfer.id(),
                        transfer.reference(),
                        postings,
                        transfer.effectiveAt() == null ? now : transfer.effectiveAt(),
                        transfer.metadata()));
    }

    static Decision reverse(ReverseTransaction reverse, LedgerState state, History history, Instant now) {
        History.Entry sameId = history.entity(reverse.id());
        if (sameId != null) {
            boolean sameContent =
                    sameId.event().event() instanceof TransactionReversed earlier && reverse.describes(earlier);
            return sameContent ? new Repeated(sameId.event()) : new Refused(new DuplicateId(reverse.id()));
        }
        History.Entry found = history.entity(reverse.transaction());
        if (found == null || !(found.event().event() instanceof Transaction transaction)) {
            return new Refused(new TransactionNotFound(reverse.transaction()));
        }
        History.Entry reversal = history.reversal(reverse.transaction());
        if (reversal != null && reversal.event().event() instanceof TransactionReversed earlier) {
            return new Refused(new AlreadyReversed(reverse.transaction(), earlier.id()));
        }
        Draft draft = new Draft(state);
        List<Posting> postings = new ArrayList<>(transaction.postings().size());
        for (Posting posting : undoing(transaction)) {
            Movement back = new Movement(posting.source(), posting.destination(), posting.asset(), posting.amount());
            Rejection rejection = PostingRules.move(back, draft, postings);
            if (rejection != null) {
                return new Refused(rejection);
            }
        }
        return new Accepted(
                reverse.identity(),
                new TransactionReversed(
                        reverse.id(),
                        reverse.transaction(),
                        postings,
                        reverse.effectiveAt() == null ? now : reverse.effectiveAt(),
                        reverse.metadata()));
    }

    /** What a reversal of this transaction moves. */
    static List<Posting> undoing(Transaction transaction) {
        return transaction.postings().reversed().stream().map(Posting::opposite).toList();
    }

    private static List<Decision> refuseAll(PostTransactions post, Rejection rejection) {
        return post.transactions().stream()
                .<Decision>map(transfer -> new Refused(rejection))
                .toList();
    }

    private static List<Decision> refuseAllFor(int index, Refused refused, PostTransactions post) {
        List<Decision> decisions = new ArrayList<>(refuseAll(post, new NotApplied(index)));
        decisions.set(index, refused);
        return decisions;
    }

    /** What earlier transactions of the same command lead to: history does not know them yet. */
    private static final class Newcomers {

        private record Newcomer(TransactionPosted posted, int index) {}

        private final Map<UUID, Newcomer> byId = new HashMap<>();
        private final Map<String, Newcomer> byReference = new HashMap<>();

        /** What is among them already under the transfer's id or reference, or null. */
        @Nullable Decision meeting(Transfer transfer) {
            Newcomer sameId = byId.get(transfer.id());
            if (sameId != null) {
                return transfer.describes(sameId.posted())
                        ? new Same(transfer.identity(), sameId.index())
                        : new Refused(new DuplicateId(transfer.id()));
            }
            Newcomer holder = transfer.reference() == null ? null : byReference.get(transfer.reference());
            return holder == null
                    ? null
                    : new Refused(new DuplicateReference(
                            transfer.reference(), holder.posted().id()));
        }

        void add(TransactionPosted posted, int index) {
            Newcomer newcomer = new Newcomer(posted, index);
            byId.put(posted.id(), newcomer);
            if (posted.reference() != null) {
                byReference.put(posted.reference(), newcomer);
            }
        }
    }
}
