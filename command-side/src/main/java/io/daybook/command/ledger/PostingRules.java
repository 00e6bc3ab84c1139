package io.daybook.command.ledger;

import io.daybook.command.ledger.Draft.Standing;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.BalanceLimit;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Posting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may leave an account, and what may reach it. */
final class PostingRules {

    private PostingRules() {}

    /** Moves the money in the draft and adds the posting, or tells why it may not be. */
    static @Nullable Rejection move(Movement movement, Draft draft, List<Posting> postings) {
        AccountAddress source = movement.source();
        Asset asset = movement.asset();
        Standing from = draft.standing(source, asset);
        Standing to = draft.standing(movement.destination(), asset);
        Rejection closed = refusalOfClosed(source, from, movement.destination(), to);
        if (closed != null) {
            return closed;
        }
        Amount amount = movement.amount();
        try {
            if (amount == null) {
                Amount floor = floor(from.settings(), asset);
                if (floor == null) {
                    return new AmountOutOfRange(source, asset);
                }
                amount = from.unheld().minus(floor).max(Amount.ZERO);
            }
            Posting posting = new Posting(source, movement.destination(), asset, amount);
            Rejection rejection = refusalToGive(source, asset, amount, from.settings(), from.unheld());
            if (rejection == null) {
                rejection = refusalToTake(posting, to.settings(), to.balance());
            }
            if (rejection != null) {
                return rejection;
            }
            draft.move(from, to, amount);
            postings.add(posting);
            return null;
        } catch (ArithmeticException outOfRange) {
            return new AmountOutOfRange(movement.destination(), asset);
        }
    }

    static @Nullable Rejection refusalOfClosed(
            AccountAddress source, Standing from, AccountAddress destination, Standing to) {
        if (from.settings().closed()) {
            return new AccountClosed(source);
        }
        return to.settings().closed() ? new AccountClosed(destination) : null;
    }

    /**
     * Why an amount may not be taken or set aside, or null if it may.
     *
     * @param unheld what the account has beside what is held
     * @throws ArithmeticException if what is left is out of range
     */
    static @Nullable Rejection refusalToGive(
            AccountAddress account, Asset asset, Amount amount, AccountSettings settings, Amount unheld) {
        if (amount.isZero()) {
            return null;
        }
        Amount after = unheld.minus(amount);
        Amount overdraftFloor = settings.overdraftFloor(asset);
        if (overdraftFloor != null && after.compareTo(overdraftFloor) < 0) {
            Amount available = unheld.minus(overdraftFloor).max(Amount.ZERO);
            return new InsufficientFunds(account, asset, available, amount);
        }
        Amount min = settings.min(asset);
        return min != null && after.compareTo(min) < 0 ? new BalanceLimit(account, asset, min) : null;
    }

    static @Nullable Rejection refusalToTake(Posting posting, AccountSettings to, Amount balance) {
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
}
