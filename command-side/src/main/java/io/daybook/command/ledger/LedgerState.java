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
import java.util.function.UnaryOperator;
import org.agrona.collections.Object2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must remember to decide: balances, settings and open holds. It is changed only by {@link Ledger#evolve},
 * by the one writer of its ledger; it is not safe for use by several threads.
 */
public final class LedgerState {

    /** Without an object for each entry: there are millions, and looking them up is what deciding takes most time for. */
    private final Map<AccountAddress, Account> accounts = new Object2ObjectHashMap<>();

    private final Map<UUID, Hold> holds = new HashMap<>();

    /** Each asset as it was first named: an event brings its own, and millions of accounts would keep one each. */
    private final Map<Asset, Asset> assets = new HashMap<>();

    private @Nullable LedgerOpened opened;
    private Changes changes = new Changes();

    /**
     * What has changed since it was last asked for: as much as a snapshot must write to be up to date. The maps belong to
     * whoever took them.
     *
     * @param accounts those that were touched, as they are now
     * @param holds those that were touched, as they are now; null for one that ended
     */
    public record Changes(Map<AccountAddress, Account> accounts, Map<UUID, @Nullable Hold> holds) {

        private Changes() {
            this(new Object2ObjectHashMap<>(), new HashMap<>());
        }

        /** How many accounts and holds were touched. */
        public int size() {
            return accounts.size() + holds.size();
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
        state.accounts.putAll(accounts);
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
        return account.isWorld() || accounts.containsKey(account);
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
        change(account, known -> known.with(settings));
    }

    /**
     * @throws ArithmeticException if the balance leaves its range, which no accepted command can bring about
     */
    void add(AccountAddress account, Asset asset, Amount amount) {
        change(account, known -> known.plus(shared(asset), amount, Amount.ZERO));
    }

    void place(Hold hold) {
        put(hold.id(), hold);
        change(hold.source(), known -> known.plus(shared(hold.asset()), Amount.ZERO, hold.remaining()));
    }

    /** Sets {@code taken} less aside for the hold; it ends when nothing remains. */
    void reduce(UUID id, Amount taken) {
        Hold hold = holds.get(id);
        if (hold == null) {
            throw new IllegalStateException("there is no open hold " + id);
        }
        change(hold.source(), known -> known.plus(hold.asset(), Amount.ZERO, taken.negated()));
        put(id, hold.remaining().equals(taken) ? null : hold.less(taken));
    }

    private Asset shared(Asset asset) {
        Asset first = assets.putIfAbsent(asset, asset);
        return first == null ? asset : first;
    }

    private void put(UUID id, @Nullable Hold hold) {
        if (hold == null) {
            holds.remove(id);
        } else {
            holds.put(id, hold);
        }
        changes.holds().put(id, hold);
    }

    private void change(AccountAddress address, UnaryOperator<Account> change) {
        Account after = change.apply(account(address));
        accounts.put(address, after);
        changes.accounts().put(address, after);
    }

    /** How many accounts and holds have changed since {@link #takeChanges} was called. */
    public int changeCount() {
        return changes.size();
    }

    /** What has changed since this was last called. It takes no longer for many changes than for few. */
    public Changes takeChanges() {
        Changes taken = changes;
        changes = new Changes();
        return taken;
    }

    /** The sum of all balances by asset: zero for each, at all times. Not bounded, as partial sums can be large. */
    public Map<Asset, BigInteger> sums() {
        Map<Asset, BigInteger> sums = new TreeMap<>();
        for (Account account : accounts.values()) {
            for (Position position : account.positions()) {
                sums.merge(position.asset(), position.balance().toBigInteger(), BigInteger::add);
            }
        }
        return sums;
    }

    /** Every account, sorted, for comparison with read models. */
    public Map<AccountAddress, Account> accounts() {
        return new TreeMap<>(accounts);
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
