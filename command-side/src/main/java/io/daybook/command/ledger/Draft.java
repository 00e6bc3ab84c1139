package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Posting;
import java.util.HashMap;
import java.util.Map;

/**
 * Balances as they would be: a thin layer over a ledger's state, or over another draft, that is kept or thrown away. It is
 * what lets a later posting see an earlier one before either has happened.
 */
final class Draft {

    private record Key(AccountAddress account, Asset asset) {}

    private final LedgerState state;
    private final Map<Key, Amount> committed = new HashMap<>();
    private final Map<Key, Amount> pending = new HashMap<>();

    Draft(LedgerState state) {
        this.state = state;
    }

    AccountSettings settings(AccountAddress account) {
        return state.settings(account);
    }

    Amount balance(AccountAddress account, Asset asset) {
        Key key = new Key(account, asset);
        Amount balance = pending.get(key);
        if (balance == null) {
            balance = committed.get(key);
        }
        return balance == null ? state.balance(account, asset) : balance;
    }

    /** What can be moved or held if the account may not go below zero: less than nothing if it has. */
    Amount unheld(AccountAddress account, Asset asset) {
        return balance(account, asset).minus(state.held(account, asset));
    }

    /**
     * Moves money in the layer that {@link #keep} or {@link #drop} ends.
     *
     * @throws ArithmeticException if a balance would leave its range; nothing is moved then
     */
    void move(Posting posting) {
        Amount source = balance(posting.source(), posting.asset()).minus(posting.amount());
        Amount destination = balance(posting.destination(), posting.asset()).plus(posting.amount());
        pending.put(new Key(posting.source(), posting.asset()), source);
        pending.put(new Key(posting.destination(), posting.asset()), destination);
    }

    void keep() {
        committed.putAll(pending);
        pending.clear();
    }

    void drop() {
        pending.clear();
    }
}
