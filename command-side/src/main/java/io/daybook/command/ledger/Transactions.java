package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Same;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
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
        for (RequestedTransaction transaction : post.transactions()) {
            if (Repeats.repeatOf(transaction.identity(), history) instanceof Refused(IdempotencyKeyReused reused)) {
                return refuseAll(post, reused);
            }
        }
        Draft draft = new Draft(state);
        Newcomers newcomers = new Newcomers();
        List<Decision> decisions = new ArrayList<>(post.transactions().size());
        for (RequestedTransaction transaction : post.transactions()) {
            Decision decision = Repeats.repeatOf(transaction.identity(), history);
            if (decision == null) {
                decision = decideTransaction(transaction, draft, history, newcomers, now);
                decision = Repeats.first(post.ledger(), transaction.identity(), decision, history);
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

    private static Decision decideTransaction(
            RequestedTransaction transaction, Draft draft, History history, Newcomers newcomers, Instant now) {
        Decision met = Repeats.meeting(transaction, history);
        if (met == null) {
            met = newcomers.meeting(transaction);
        }
        if (met != null) {
            return met;
        }
        List<Posting> postings = new ArrayList<>(transaction.postings().size());
        for (RequestedPosting posting : transaction.postings()) {
            Rejection rejection = PostingRules.move(posting, draft, postings);
            if (rejection != null) {
                draft.drop();
                return new Refused(rejection);
            }
        }
        draft.keep();
        return new Accepted(
                transaction.identity(),
                new TransactionPosted(
                        transaction.id(),
                        transaction.reference(),
                        postings,
                        transaction.effectiveAt() == null ? now : transaction.effectiveAt(),
                        transaction.metadata()));
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
            RequestedPosting back =
                    new RequestedPosting(posting.source(), posting.destination(), posting.asset(), posting.amount());
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
                .<Decision>map(transaction -> new Refused(rejection))
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

        /** What is among them already under the transaction's id or reference, or null. */
        @Nullable Decision meeting(RequestedTransaction transaction) {
            Newcomer sameId = byId.get(transaction.id());
            if (sameId != null) {
                return transaction.describes(sameId.posted())
                        ? new Same(transaction.identity(), sameId.index())
                        : new Refused(new DuplicateId(transaction.id()));
            }
            Newcomer holder = transaction.reference() == null ? null : byReference.get(transaction.reference());
            return holder == null
                    ? null
                    : new Refused(new DuplicateReference(
                            transaction.reference(), holder.posted().id()));
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
