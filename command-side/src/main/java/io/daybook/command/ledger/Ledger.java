package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Unchanged;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.BalanceLimit;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.command.ledger.Rejection.LedgerExists;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.NotApplied;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
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

/**
 * The rules of a double-entry ledger, as two functions: what a command leads to, and what a state is after an event
 * (the Decider pattern: Jérémie Chassaing, "Functional Event Sourcing Decider", 2021).
 *
 * <p>Every posting moves an amount from one account to another, so the balances of each asset sum to zero. No posting
 * takes an account below what its overdraft and limits allow; only {@code world} may always go below zero.
 */
public final class Ledger {

    private Ledger() {}

    /**
     * What a command leads to. Nothing is changed by asking.
     *
     * @param now the time at which it would be recorded
     * @return one decision; for {@link PostTransactions} one for each transaction, in their order. If it is atomic, either
     *     none of them is {@link Refused} or none is {@link Accepted}.
     */
    public static List<Decision> decide(LedgerCommand command, LedgerState state, History history, Instant now) {
        return switch (command) {
            case OpenLedger open -> List.of(decideOpen(open, state, history));
            case ConfigureAccount configure -> List.of(decideConfigure(configure, state, history));
            case PostTransactions post -> decidePost(post, state, history, now);
        };
    }

    /** The state after an event; it is {@code state} itself, changed. */
    public static LedgerState evolve(LedgerState state, LedgerEvent event) {
        switch (event) {
            case LedgerOpened opened -> state.open(opened);
            case AccountConfigured configured -> state.configure(configured.account(), AccountSettings.of(configured));
            case TransactionPosted posted -> {
                for (Posting posting : posted.postings()) {
                    state.add(
                            posting.source(), posting.asset(), posting.amount().negated());
                    state.add(posting.destination(), posting.asset(), posting.amount());
                }
            }
        }
        return state;
    }

    private static Decision decideOpen(OpenLedger open, LedgerState state, History history) {
        Decision repeat = repeatOf(open.identity(), history);
        if (repeat != null) {
            return repeat;
        }
        if (!state.isOpen()) {
            return new Accepted(open.identity(), new LedgerOpened(open.region(), open.metadata()));
        }
        boolean sameRegion =
                open.region() == null || open.region().equals(state.opened().region());
        return sameRegion
                ? new Unchanged(state.opened())
                : new Refused(new LedgerExists(open.ledger(), state.opened().region()));
    }

    private static Decision decideConfigure(ConfigureAccount configure, LedgerState state, History history) {
        if (!state.isOpen()) {
            return new Refused(new LedgerNotFound(configure.ledger()));
        }
        Decision repeat = repeatOf(configure.identity(), history);
        if (repeat != null) {
            return repeat;
        }
        AccountSettings before = state.settings(configure.account());
        AccountSettings after = new AccountSettings(
                configure.overdraft() == null ? before.overdraft() : configure.overdraft(),
                configure.limits() == null ? before.limits() : configure.limits(),
                configure.closed() == null ? before.closed() : configure.closed(),
                configure.metadata() == null ? before.metadata() : configure.metadata());
        boolean exists = state.exists(configure.account());
        AccountConfigured configured = new AccountConfigured(
                configure.account(), after.overdraft(), after.limits(), after.closed(), after.metadata(), !exists);
        return exists && after.equals(before)
                ? new Unchanged(configured)
                : new Accepted(configure.identity(), configured);
    }

    private static List<Decision> decidePost(PostTransactions post, LedgerState state, History history, Instant now) {
        if (!state.isOpen()) {
            return refuseAll(post, new LedgerNotFound(post.ledger()));
        }
        // The whole request came under one key, so one transaction that was recorded for another request tells of all.
        for (Transfer transfer : post.transactions()) {
            if (repeatOf(transfer.identity(), history) instanceof Refused(IdempotencyKeyReused reused)) {
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
        Decision repeat = repeatOf(transfer, history);
        if (repeat != null) {
            return repeat;
        }
        Rejection taken = newcomers.refusalOf(transfer);
        if (taken != null) {
            return new Refused(taken);
        }
        List<Posting> postings = new ArrayList<>(transfer.postings().size());
        for (Movement movement : transfer.postings()) {
            Rejection rejection = move(movement, draft, postings);
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

    /** Moves the money in the draft and adds the posting, or tells why it may not be. */
    private static @Nullable Rejection move(Movement movement, Draft draft, List<Posting> postings) {
        AccountAddress source = movement.source();
        AccountAddress destination = movement.destination();
        Asset asset = movement.asset();
        AccountSettings from = draft.settings(source);
        AccountSettings to = draft.settings(destination);
        if (from.closed()) {
            return new AccountClosed(source);
        }
        if (to.closed()) {
            return new AccountClosed(destination);
        }
        Amount sourceBalance = draft.balance(source, asset);
        Amount amount = movement.amount();
        try {
            if (amount == null) {
                Amount floor = floor(from, asset);
                if (floor == null) {
                    return new AmountOutOfRange(source, asset);
                }
                amount = sourceBalance.minus(floor).max(Amount.ZERO);
            }
            Posting posting = new Posting(source, destination, asset, amount);
            Rejection rejection = refusalToGive(posting, from, sourceBalance);
            if (rejection == null) {
                rejection = refusalToTake(posting, to, draft.balance(destination, asset));
            }
            if (rejection != null) {
                return rejection;
            }
            draft.move(posting);
            postings.add(posting);
            return null;
        } catch (ArithmeticException outOfRange) {
            return new AmountOutOfRange(destination, asset);
        }
    }

    private static @Nullable Rejection refusalToGive(Posting posting, AccountSettings from, Amount balance) {
        if (posting.amount().isZero()) {
            return null;
        }
        Asset asset = posting.asset();
        Amount after = balance.minus(posting.amount());
        Amount overdraftFloor = from.overdraftFloor(asset);
        if (overdraftFloor != null && after.compareTo(overdraftFloor) < 0) {
            Amount available = balance.minus(overdraftFloor).max(Amount.ZERO);
            return new InsufficientFunds(posting.source(), asset, available, posting.amount());
        }
        Amount min = from.min(asset);
        return min != null && after.compareTo(min) < 0 ? new BalanceLimit(posting.source(), asset, min) : null;
    }

    private static @Nullable Rejection refusalToTake(Posting posting, AccountSettings to, Amount balance) {
        Amount max = to.max(posting.asset());
        boolean passes = max != null
                && !posting.amount().isZero()
                && balance.plus(posting.amount()).compareTo(max) > 0;
        return passes ? new BalanceLimit(posting.destination(), posting.asset(), max) : null;
    }

    /** The lowest balance that overdraft and limits allow, or null for no bound. */
    private static @Nullable Amount floor(AccountSettings settings, Asset asset) {
        Amount overdraftFloor = settings.overdraftFloor(asset);
        Amount min = settings.min(asset);
        if (overdraftFloor == null || min == null) {
            return overdraftFloor == null ? min : overdraftFloor;
        }
        return overdraftFloor.max(min);
    }

    private static @Nullable Decision repeatOf(Identity identity, History history) {
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

    private static @Nullable Decision repeatOf(Transfer transfer, History history) {
        Decision repeat = repeatOf(transfer.identity(), history);
        if (repeat != null) {
            return repeat;
        }
        History.Entry sameId = history.transaction(transfer.id());
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
