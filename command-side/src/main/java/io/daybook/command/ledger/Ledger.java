package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Unchanged;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.Single;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.command.ledger.Rejection.AccountNotFound;
import io.daybook.command.ledger.Rejection.LedgerExists;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.TooMuchMetadata;
import io.daybook.command.ledger.Rejection.TransactionNotFound;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.HoldReleased.Reason;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     *     none of them is {@link Refused} or none is {@link Accepted}. For {@link AppendHistory} one for each event and
     *     then one for each command that is to be remembered, or one that refuses them all.
     */
    public static List<Decision> decide(LedgerCommand command, LedgerState state, History history, Instant now) {
        return switch (command) {
            case Single single -> List.of(decideSingle(single, state, history, now));
            case PostTransactions post -> Transactions.post(post, state, history, now);
            case AppendHistory append -> PastEvents.append(append, state, history);
        };
    }

    /**
     * What must be remembered of a command beside its decisions: that its key was used. Else null.
     *
     * @param decisions what {@link #decide} gave
     */
    public static @Nullable RememberedCommand use(LedgerCommand command, List<Decision> decisions, History history) {
        return command instanceof PostTransactions post ? Repeats.use(post, decisions, history) : null;
    }

    private static Decision decideSingle(Single command, LedgerState state, History history, Instant now) {
        if (!state.isOpen() && !(command instanceof OpenLedger)) {
            return new Refused(new LedgerNotFound(command.ledger()));
        }
        Decision repeat = Repeats.repeatOf(command.identity(), history);
        if (repeat != null) {
            return repeat;
        }
        Decision decision =
                switch (command) {
                    case OpenLedger open -> decideOpen(open, state);
                    case ConfigureAccount configure -> decideConfigure(configure, state);
                    case ReverseTransaction reverse -> Transactions.reverse(reverse, state, history, now);
                    case PlaceHold place -> Holds.place(place, state, history, now);
                    case CaptureHold capture -> Holds.capture(capture, state, history, now);
                    case VoidHold(var ledger, var identity, UUID hold) ->
                        Holds.release(identity, hold, Reason.VOIDED, state, history, now);
                    case ExpireHold(var ledger, var identity, UUID hold) ->
                        Holds.release(identity, hold, Reason.EXPIRED, state, history, now);
                    case ChangeMetadata change -> decideMetadata(change, state, history);
                };
        return Repeats.first(command.ledger(), command.identity(), decision, history);
    }

    /** The state after an event; it is {@code state} itself, changed. */
    public static LedgerState evolve(LedgerState state, LedgerEvent event) {
        switch (event) {
            case LedgerOpened opened -> state.open(opened);
            case AccountConfigured configured -> state.configure(configured.account(), AccountSettings.of(configured));
            case TransactionPosted posted -> post(posted, state);
            case TransactionReversed reversed -> post(reversed, state);
            case HoldCaptured captured -> {
                state.reduce(captured.hold(), captured.taken());
                post(captured, state);
            }
            case HoldPlaced placed -> state.place(Hold.of(placed));
            case HoldReleased released -> state.reduce(released.hold(), released.amount());
            case MetadataChanged changed -> changeMetadata(changed, state);
        }
        return state;
    }

    private static void post(Transaction transaction, LedgerState state) {
        for (Posting posting : transaction.postings()) {
            state.add(posting.source(), posting.asset(), posting.amount().negated());
            state.add(posting.destination(), posting.asset(), posting.amount());
        }
    }

    private static void changeMetadata(MetadataChanged changed, LedgerState state) {
        AccountAddress account = changed.account();
        if (account != null) {
            state.configure(account, state.settings(account).with(changed.metadata()));
        } else if (changed.transaction() == null) {
            state.open(new LedgerOpened(state.opened().region(), changed.metadata()));
        }
    }

    private static Decision decideOpen(OpenLedger open, LedgerState state) {
        if (!state.isOpen()) {
            Map<String, String> metadata = open.metadata() == null ? Map.of() : open.metadata();
            return new Accepted(open.identity(), new LedgerOpened(open.region(), metadata));
        }
        LedgerOpened standing = state.opened();
        boolean sameRegion = open.region() == null || open.region().equals(standing.region());
        boolean sameMetadata = open.metadata() == null || open.metadata().equals(standing.metadata());
        return sameRegion && sameMetadata
                ? new Unchanged(standing)
                : new Refused(new LedgerExists(open.ledger(), standing.region(), sameRegion));
    }

    private static Decision decideConfigure(ConfigureAccount configure, LedgerState state) {
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

    private static Decision decideMetadata(ChangeMetadata change, LedgerState state, History history) {
        Map<String, String> before = state.opened().metadata();
        if (change.account() != null) {
            if (!state.exists(change.account())) {
                return new Refused(new AccountNotFound(change.account()));
            }
            before = state.settings(change.account()).metadata();
        } else if (change.transaction() != null) {
            History.Entry entity = history.entity(change.transaction());
            if (entity == null || !(entity.event().event() instanceof Transaction transaction)) {
                return new Refused(new TransactionNotFound(change.transaction()));
            }
            History.Entry last = history.metadata(change.transaction());
            before = last != null && last.event().event() instanceof MetadataChanged changed
                    ? changed.metadata()
                    : transaction.metadata();
        }
        Map<String, String> after = new HashMap<>(before);
        change.changes().forEach((key, value) -> {
            if (value == null) {
                after.remove(key);
            } else {
                after.put(key, value);
            }
        });
        if (after.size() > ChangeMetadata.MAX_ENTRIES) {
            return new Refused(new TooMuchMetadata(after.size(), ChangeMetadata.MAX_ENTRIES));
        }
        MetadataChanged changed = new MetadataChanged(change.account(), change.transaction(), after);
        return after.equals(before) ? new Unchanged(changed) : new Accepted(change.identity(), changed);
    }
}
