package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ledger remembers of an account. It never changes: a new one takes its place, so that what is handed to a snapshot
 * stays as it was while the ledger goes on.
 *
 * @param positions one for each asset that ever moved or was held here, sorted by asset
 */
public record Account(AccountSettings settings, List<Position> positions) {

    /**
     * An account's standing in one asset.
     *
     * @param held what holds have set aside of the balance; zero or more
     */
    public record Position(Asset asset, Amount balance, Amount held) {}

    static Account initial(AccountAddress address) {
        return new Account(AccountSettings.initial(address), List.of());
    }

    Amount balance(Asset asset) {
        int index = indexOf(asset);
        return index < 0 ? Amount.ZERO : positions.get(index).balance();
    }

    Amount held(Asset asset) {
        int index = indexOf(asset);
        return index < 0 ? Amount.ZERO : positions.get(index).held();
    }

    Account with(AccountSettings changed) {
        return new Account(changed, positions);
    }

    /**
     * @throws ArithmeticException if a sum leaves the range of {@link Amount}
     */
    Account plus(Asset asset, Amount balance, Amount held) {
        int index = indexOf(asset);
        if (index >= 0) {
            Position before = positions.get(index);
            Position after = new Position(
                    before.asset(),
                    before.balance().plus(balance),
                    before.held().plus(held));
            if (positions.size() == 1) {
                return new Account(settings, List.of(after));
            }
            List<Position> changed = new ArrayList<>(positions);
            changed.set(index, after);
            return new Account(settings, List.copyOf(changed));
        }
        List<Position> more = new ArrayList<>(positions);
        more.add(-index - 1, new Position(asset, balance, held));
        return new Account(settings, List.copyOf(more));
    }

    /** Where the asset stands, or {@code -(where it would be) - 1}, as {@link java.util.Collections#binarySearch}. */
    private int indexOf(Asset asset) {
        int low = 0;
        int high = positions.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = positions.get(middle).asset().compareTo(asset);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
