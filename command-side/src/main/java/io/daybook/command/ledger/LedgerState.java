package io.daybook.command.ledger;

import io.daybook.command.ledger.Account.Position;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.LedgerOpened;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must remember to decide: balances, settings and open holds. It is changed only by {@link Ledger#evolve},
 * by the one writer of its ledger; it is not safe for use by several threads.
 */
public final class LedgerState {

    private final AccountTable accounts = new AccountTable();
    private final Map<UUID, Hold> holds = new HashMap<>();
    private @Nullable LedgerOpened opened;
    private Map<UUID, @Nullable Hold> changedHolds = new HashMap<>();

    /**
     * What has changed since it was last asked for: as much as a snapshot must write to be up to date. It belongs to whoever
     * took it, and is not safe for use by several threads.
     */
    public static final class Changes {
        private final AccountTable.Changed changedAccounts;
        private final Map<UUID, @Nullable Hold> holds;

        /** Made by who needs it, as the ledger's writer has other things to do. */
        private @Nullable Map<AccountAddress, Account> accounts;

        private Changes(AccountTable.Changed accounts, Map<UUID, @Nullable Hold> holds) {
            this.changedAccounts = accounts;
            this.holds = holds;
        }

        /** The accounts that were touched, as they were when this was taken. */
        public Map<AccountAddress, Account> accounts() {
            if (accounts == null) {
                accounts = changedAccounts.asMap();
            }
            return accounts;
        }

        /** The holds that were touched, as they were when this was taken; null for one that had ended. */
        public Map<UUID, @Nullable Hold> holds() {
            return holds;
        }

        /** How many accounts and holds were touched. */
        public int size() {
            return accounts().size() + holds.size();
        }
    }

    /**
     * A state as a snapshot has it.
     *
     * @param opened with the ledger's metadata as it was at the snapshot
     */
    public static LedgerState restored(
            LedgerOpened opened, Map<AccountAddress, Account> accounts, Map<UUID, Hold> holds) {
        LedgerState state = new LedgerState();
        state.opened = opened;
        state.accounts.restore(accounts);
        state.holds.putAll(holds);
        return state;
    }

    /**
     * A state of its own with only these accounts and holds, as far as they are there: what is tried in it changes nothing
     * here.
     */
    LedgerState part(Set<AccountAddress> someAccounts, Set<UUID> someHolds) {
        LedgerState part = new LedgerState();
        part.opened = opened;
        someAccounts.forEach(address -> {
            Account account = accounts.get(address);
            if (account != null) {
                part.accounts.put(address, account);
            }
        });
        someHolds.forEach(id -> part.holds.computeIfAbsent(id, holds::get));
        return part;
    }

    /** Whether the ledger has been opened. */
    public boolean isOpen() {
        return opened != null;
    }

    /** How the ledger was opened, with its metadata as it is now; null if it is not open. */
    public @Nullable LedgerOpened opened() {
        return opened;
    }

    /** Whether a posting, a hold or a configuration has made the account; {@code world} exists from the beginning. */
    public boolean exists(AccountAddress account) {
        return account.isWorld() || accounts.contains(account);
    }

    /** As it is; one that nothing has made yet is as it will be made. */
    Account account(AccountAddress address) {
        Account known = accounts.get(address);
        return known == null ? Account.initial(address) : known;
    }

    public Amount balance(AccountAddress account, Asset asset) {
        return account(account).balance(asset);
    }

    /** What holds have set aside of the account's balance. */
    public Amount held(AccountAddress account, Asset asset) {
        return account(account).held(asset);
    }

    public AccountSettings settings(AccountAddress account) {
        return account(account).settings();
    }

    /** The open hold with this id, or null. */
    public @Nullable Hold hold(UUID id) {
        return holds.get(id);
    }

    void open(LedgerOpened event) {
        opened = event;
    }

    void configure(AccountAddress account, AccountSettings settings) {
        accounts.put(account, account(account).with(settings));
    }

    /**
     * @throws ArithmeticException if the balance leaves its range, which no accepted command can bring about
     */
    void add(AccountAddress account, Asset asset, Amount amount) {
        accounts.add(account, asset, amount, Amount.ZERO);
    }

    void place(Hold hold) {
        put(hold.id(), hold);
        accounts.add(hold.source(), hold.asset(), Amount.ZERO, hold.remaining());
    }

    /** Sets {@code taken} less aside for the hold; it ends when nothing remains. */
    void reduce(UUID id, Amount taken) {
        Hold hold = holds.get(id);
        if (hold == null) {
            throw new IllegalStateException("there is no open hold " + id);
        }
        accounts.add(hold.source(), hold.asset(), Amount.ZERO, taken.negated());
        put(id, hold.remaining().equals(taken) ? null : hold.less(taken));
    }

    private void put(UUID id, @Nullable Hold hold) {
        if (hold == null) {
            holds.remove(id);
        } else {
            holds.put(id, hold);
        }
        changedHolds.put(id, hold);
    }

    /** How many accounts and holds have changed since {@link #takeChanges} was called. */
    public int changeCount() {
        return accounts.changeCount() + changedHolds.size();
    }

    /** What has changed since this was last called. It takes no longer for many changes than for few. */
    public Changes takeChanges() {
        Changes taken = new Changes(accounts.takeChanges(), changedHolds);
        changedHolds = new HashMap<>();
        return taken;
    }

    /** The sum of all balances by asset: zero for each, at all times. Not bounded, as partial sums can be large. */
    public Map<Asset, BigInteger> sums() {
        Map<Asset, BigInteger> sums = new TreeMap<>();
        accounts.forEach((address, account) -> {
            for (Position position : account.positions()) {
                sums.merge(position.asset(), position.balance().toBigInteger(), BigInteger::add);
            }
        });
        return sums;
    }

    /** Every account, sorted, for comparison with read models. */
    public Map<AccountAddress, Account> accounts() {
        Map<AccountAddress, Account> sorted = new TreeMap<>();
        accounts.forEach(sorted::put);
        return sorted;
    }

    /** Every open hold, sorted by id. */
    public Map<UUID, Hold> holds() {
        return new TreeMap<>(holds);
    }

    /**
     * A digest of all that this state holds: two states with the same hash decide alike. Live state, replayed state and
     * state from a snapshot are compared by it.
     *
     * @return SHA-256 in hexadecimal
     */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, String.valueOf(opened));
            accounts().forEach((address, account) -> update(digest, address + " " + account));
            holds().values().forEach(hold -> update(digest, hold.toString()));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
    }
}
