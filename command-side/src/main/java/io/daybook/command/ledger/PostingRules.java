package io.daybook.command.ledger;

import io.daybook.command.ledger.Draft.Standing;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
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
    static @Nullable Rejection move(RequestedPosting requested, Draft draft, List<Posting> postings) {
        AccountAddress source = requested.source();
        Asset asset = requested.asset();
        Standing from = draft.standing(source, asset);
        Standing to = draft.standing(requested.destination(), asset);
        Rejection closed = refusalOfClosed(source, from, requested.destination(), to);
        if (closed != null) {
            return closed;
        }
        Amount amount =
                requested.amount() == null ? from.settings().available(asset, from.unheld()) : requested.amount();
        if (amount == null) {
            return new AmountOutOfRange(source, asset);
        }
        Posting posting = new Posting(source, requested.destination(), asset, amount);
        Rejection rejection = refusalToGive(source, asset, amount, from.settings(), from.unheld());
        if (rejection == null) {
            rejection = move(posting, from, to, draft);
        } else if (rejection instanceof AmountOutOfRange && isBeyondRange(to.balance(), amount)) {
            // Of both, the account that a client has filled says more than the one that it was filled from.
            rejection = new AmountOutOfRange(requested.destination(), asset);
        }
        if (rejection == null) {
            postings.add(posting);
        }
        return rejection;
    }

    /** Moves in the draft what may be given, or tells why it may not be taken. */
    static @Nullable Rejection move(Posting posting, Standing from, Standing to, Draft draft) {
        Amount balance;
        try {
            balance = to.balance().plus(posting.amount());
        } catch (ArithmeticException tooMuch) {
            return new AmountOutOfRange(posting.destination(), posting.asset());
        }
        Amount max = to.settings().max(posting.asset());
        if (max != null && !posting.amount().isZero() && balance.compareTo(max) > 0) {
            return new BalanceLimit(posting.destination(), posting.asset(), max);
        }
        try {
            draft.move(from, to, posting.amount());
            return null;
        } catch (ArithmeticException tooLittle) {
            return new AmountOutOfRange(posting.source(), posting.asset());
        }
    }

    private static boolean isBeyondRange(Amount balance, Amount more) {
        try {
            balance.plus(more);
            return false;
        } catch (ArithmeticException tooMuch) {
            return true;
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
     */
    static @Nullable Rejection refusalToGive(
            AccountAddress account, Asset asset, Amount amount, AccountSettings settings, Amount unheld) {
        if (amount.isZero()) {
            return null;
        }
        Amount after = lessOrNull(unheld, amount);
        Amount overdraftFloor = settings.overdraft().floor(asset);
        if (overdraftFloor != null && isBelow(after, overdraftFloor)) {
            return new InsufficientFunds(account, asset, settings.available(asset, unheld), amount);
        }
        Amount min = settings.min(asset);
        if (min != null && isBelow(after, min)) {
            return new BalanceLimit(account, asset, min);
        }
        return after == null ? new AmountOutOfRange(account, asset) : null;
    }

    /** Null if it is less than any amount. */
    private static @Nullable Amount lessOrNull(Amount from, Amount amount) {
        try {
            return from.minus(amount);
        } catch (ArithmeticException tooLittle) {
            return null;
        }
    }

    private static boolean isBelow(@Nullable Amount amount, Amount least) {
        return amount == null || amount.compareTo(least) < 0;
    }
}
