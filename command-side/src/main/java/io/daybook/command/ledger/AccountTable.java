package io.daybook.command.ledger;

import static io.daybook.command.ledger.AddressIndex.NONE;
import static java.util.Objects.requireNonNull;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of a ledger. There are millions, and nearly all are {@linkplain Account#isPlain plain}: these are rows of
 * columns, whose numbers change in place. No object is made for a change, which a collection of garbage would have to find
 * from, and copy among, what is old. Any other account is an object.
 *
 * <p>What has changed is written down beside the columns, so that it can be handed to another thread at once.
 */
final class AccountTable {

    private static final int FIRST_CAPACITY = 16;

    /** Drawn once for the process. */
    private static final long SEED = new SecureRandom().nextLong();

    /** Tells in which row an account is. */
    private final AddressIndex rows = new AddressIndex(SEED);

    /** Null for an account that is not plain. */
    private @Nullable Asset[] assets = new Asset[FIRST_CAPACITY];

    private long[] balances = new long[FIRST_CAPACITY];

    /** Where a row stands among those that have changed, if it does. */
    private int[] places = new int[FIRST_CAPACITY];

    private final Map<AccountAddress, Account> others = new HashMap<>();

    /** Each asset as it was first named: an event brings its own, and millions of accounts would keep one each. */
    private final Map<Asset, Asset> shared = new HashMap<>();

    private Changed changed = new Changed();

    /** Accounts that have changed, as they were when they were taken. */
    static final class Changed {
        private int[] rows = new int[FIRST_CAPACITY];
        private @Nullable Asset[] assets = new Asset[FIRST_CAPACITY];
        private long[] balances = new long[FIRST_CAPACITY];
        private final Map<AccountAddress, Account> others = new HashMap<>();
        private int size;

        private @Nullable IntFunction<AccountAddress> addresses;

        int size() {
            return size;
        }

        private boolean has(int row, int place) {
            return place < size && rows[place] == row;
        }

        private int add(int row) {
            if (size == rows.length) {
                int capacity = 2 * size;
                rows = Arrays.copyOf(rows, capacity);
                assets = Arrays.copyOf(assets, capacity);
                balances = Arrays.copyOf(balances, capacity);
            }
            rows[size] = row;
            return size++;
        }

        /** For whoever has taken this. */
        Map<AccountAddress, Account> asMap() {
            IntFunction<AccountAddress> byRow = requireNonNull(addresses, "it has not been taken");
            Map<AccountAddress, Account> all = HashMap.newHashMap(size);
            for (int place = 0; place < size; place++) {
                AccountAddress address = byRow.apply(rows[place]);
                Asset asset = assets[place];
                all.put(address, asset == null ? others.get(address) : Account.plain(address, asset, balances[place]));
            }
            return all;
        }
    }

    boolean contains(AccountAddress address) {
        return rows.find(address) != NONE;
    }

    @Nullable Account get(AccountAddress address) {
        int row = rows.find(address);
        return row == NONE ? null : at(row, address);
    }

    private Account at(int row, AccountAddress address) {
        Asset asset = assets[row];
        return asset == null ? others.get(address) : Account.plain(address, asset, balances[row]);
    }

    void forEach(BiConsumer<AccountAddress, Account> action) {
        IntFunction<AccountAddress> byRow = rows.addresses();
        for (int row = 0; row < rows.size(); row++) {
            AccountAddress address = byRow.apply(row);
            action.accept(address, at(row, address));
        }
    }

    /** Puts accounts in that have not changed since they were taken or written. */
    void restore(Map<AccountAddress, Account> accounts) {
        accounts.forEach(this::set);
    }

    void put(AccountAddress address, Account account) {
        noteChange(set(address, account), address);
    }

    /**
     * @throws ArithmeticException if a sum leaves the range of {@link Amount}
     */
    void add(AccountAddress address, Asset asset, Amount balance, Amount held) {
        int row = rows.find(address);
        if (row != NONE && held.isZero() && balance.isLong() && asset.equals(assets[row])) {
            long before = balances[row];
            long after = before + balance.low();
            if (((before ^ after) & (balance.low() ^ after)) >= 0) { // as in Math.addExact
                balances[row] = after;
                noteChange(row, address);
                return;
            }
        }
        Account known = row == NONE ? Account.initial(address) : at(row, address);
        put(address, known.plus(shared(asset), balance, held));
    }

    private Asset shared(Asset asset) {
        Asset first = shared.putIfAbsent(asset, asset);
        return first == null ? asset : first;
    }

    private int set(AccountAddress address, Account account) {
        int row = rows.find(address);
        if (row == NONE) {
            row = rows.add(address);
            if (row == balances.length) {
                grow(row + (row >> 1));
            }
        }
        if (account.isPlain(address)) {
            if (assets[row] == null) {
                others.remove(address);
            }
            assets[row] = shared(account.asset());
            balances[row] = account.balance(account.asset()).low();
        } else {
            assets[row] = null;
            others.put(address, account);
        }
        return row;
    }

    private void grow(int capacity) {
        assets = Arrays.copyOf(assets, capacity);
        balances = Arrays.copyOf(balances, capacity);
        places = Arrays.copyOf(places, capacity);
    }

    private void noteChange(int row, AccountAddress address) {
        int place = places[row];
        if (!changed.has(row, place)) {
            place = changed.add(row);
            places[row] = place;
        }
        changed.assets[place] = assets[row];
        changed.balances[place] = balances[row];
        if (assets[row] == null) {
            changed.others.put(address, others.get(address));
        }
    }

    int changeCount() {
        return changed.size();
    }

    /** What has changed since this was last called; whoever takes it may be another thread. */
    Changed takeChanges() {
        Changed taken = changed;
        taken.addresses = rows.addresses();
        changed = new Changed();
        return taken;
    }
}
