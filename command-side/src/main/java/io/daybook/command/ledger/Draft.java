package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Balances as they would be: a thin layer over a ledger's state that is kept or thrown away. It is what lets a later posting
 * see an earlier one before either has happened.
 */
final class Draft {

    private record Key(AccountAddress account, Asset asset) {}

    /** An account in one asset, as it would be. Whoever asks for it again gets the same one. */
    static final class Standing {
        private final AccountSettings settings;
        private final Amount held;
        private Amount kept;
        private Amount balance;

        private Standing(AccountSettings settings, Amount balance, Amount held) {
            this.settings = settings;
            this.held = held;
            this.kept = balance;
            this.balance = balance;
        }

        AccountSettings settings() {
            return settings;
        }

        Amount balance() {
            return balance;
        }

        /** What can be moved or held if the account may not go below zero: less than nothing if it has. */
        Amount unheld() {
            try {
                return balance.minus(held);
            } catch (ArithmeticException lessThanThereIs) {
                return Amount.MAX.negated();
            }
        }
    }

    private final LedgerState state;
    private final Map<Key, Standing> standings = new HashMap<>();
    private final List<Standing> moved = new ArrayList<>();

    Draft(LedgerState state) {
        this.state = state;
    }

    Standing standing(AccountAddress address, Asset asset) {
        Key key = new Key(address, asset);
        Standing standing = standings.get(key);
        if (standing == null) {
            Account account =
                    state.account(address); // found once: among a million accounts, finding is what takes time
            standing = new Standing(account.settings(), account.balance(asset), account.held(asset));
            standings.put(key, standing);
        }
        return standing;
    }

    /**
     * Moves money in the layer that {@link #keep} or {@link #drop} ends.
     *
     * @throws ArithmeticException if a balance would leave its range; nothing is moved then
     */
    void move(Standing source, Standing destination, Amount amount) {
        Amount less = source.balance.minus(amount);
        Amount more = destination.balance.plus(amount);
        source.balance = less;
        destination.balance = more;
        moved.add(source);
        moved.add(destination);
    }

    void keep() {
        moved.forEach(standing -> standing.kept = standing.balance);
        moved.clear();
    }

    void drop() {
        moved.forEach(standing -> standing.balance = standing.kept);
        moved.clear();
    }
}
