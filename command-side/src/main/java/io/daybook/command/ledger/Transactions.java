package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            Decision decision = decideTransfer(transfer, draft, history, newcomers, now);
            if (post.atomic() && decision instanceof Refused refused) {
                return refuseAllFor(decisions.size(), refused, post);
            }
            decisions.add(decision);
        }
        return decisions;
    }

    private static Decision decideTransfer(
            Transfer transfer, Draft draft, History history, Newcomers newcomers, Instant now) {
        Decision repeat = Repeats.repeatOf(transfer, history);
        if (repeat != null) {
            return repeat;
        }
        Rejection taken = newcomers.refusalOf(transfer);
        if (taken != null) {
            return new Refused(taken);
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
        newcomers.add(transfer);
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
        Decision settled = Repeats.settled(reverse, state, history);
        if (settled != null) {
            return settled;
        }
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
        for (Posting posting : transaction.postings().reversed()) {
            Movement back = new Movement(posting.destination(), posting.source(), posting.asset(), posting.amount());
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

    /** The identities that earlier transactions of the same command took: history does not know them yet. */
    private static final class Newcomers {
        private final Set<UUID> ids = new HashSet<>();
        private final Map<String, UUID> byReference = new HashMap<>();

        @Nullable Rejection refusalOf(Transfer transfer) {
            if (ids.contains(transfer.id())) {
                return new DuplicateId(transfer.id());
            }
            UUID holder = transfer.reference() == null ? null : byReference.get(transfer.reference());
            return holder == null ? null : new DuplicateReference(transfer.reference(), holder);
        }

        void add(Transfer transfer) {
            ids.add(transfer.id());
            if (transfer.reference() != null) {
                byReference.put(transfer.reference(), transfer.id());
            }
        }
    }
}
