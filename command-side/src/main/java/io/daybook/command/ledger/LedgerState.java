package io.daybook.command.ledger;

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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must remember to decide: balances and settings. It is changed only by {@link Ledger#evolve}, by the one
 * writer of its ledger; it is not safe for use by several threads.
 */
public final class LedgerState {

    private final Map<AccountAddress, Account> accounts = new HashMap<>();
    private @Nullable LedgerOpened opened;

    /** Whether the ledger has been opened. */
    public boolean isOpen() {
        return opened != null;
    }

    /** How the ledger was opened, or null if it is not open. */
    public @Nullable LedgerOpened opened() {
        return opened;
    }

    /** Whether a posting or a configuration has made the account; {@code world} exists from the beginning. */
    public boolean exists(AccountAddress account) {
        return account.isWorld() || accounts.containsKey(account);
    }

    public Amount balance(AccountAddress account, Asset asset) {
        Account known = accounts.get(account);
        return known == null ? Amount.ZERO : known.balances.getOrDefault(asset, Amount.ZERO);
    }

    public AccountSettings settings(AccountAddress account) {
        Account known = accounts.get(account);
        return known == null ? AccountSettings.initial(account) : known.settings;
    }

    void open(LedgerOpened event) {
        opened = event;
    }

    void configure(AccountAddress account, AccountSettings settings) {
        account(account).settings = settings;
    }

    /**
     * @throws ArithmeticException if the balance leaves its range, which no accepted command can bring about
     */
    void add(AccountAddress account, Asset asset, Amount amount) {
        account(account).balances.merge(asset, amount, Amount::plus);
    }

    private Account account(AccountAddress address) {
        return accounts.computeIfAbsent(address, a -> new Account(AccountSettings.initial(a)));
    }

    /** The sum of all balances by asset: zero for each, at all times. Not bounded, as partial sums can be large. */
    public Map<Asset, BigInteger> sums() {
        Map<Asset, BigInteger> sums = new TreeMap<>();
        accounts.values()
                .forEach(account -> account.balances.forEach(
                        (asset, balance) -> sums.merge(asset, balance.toBigInteger(), BigInteger::add)));
        return sums;
    }

    /** Every balance, sorted, for comparison with read models. */
    public Map<AccountAddress, Map<Asset, Amount>> balances() {
        Map<AccountAddress, Map<Asset, Amount>> balances = new TreeMap<>();
        accounts.forEach((address, account) -> balances.put(address, new TreeMap<>(account.balances)));
        return balances;
    }

    /**
     * A digest of all that this state holds: two states with the same hash decide alike. Live state, replayed state and
     * state from a snapshot are compared by it.
     *
     * @return SHA-256 in hexadecimal
     */
    public String hash() {
        StringBuilder all = new StringBuilder().append(opened);
        new TreeMap<>(accounts).forEach((address, account) -> all.append('\n')
                .append(address)
                .append(' ')
                .append(account.settings)
                .append(' ')
                .append(new TreeMap<>(account.balances)));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(all.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Account {
        // Most accounts hold one or two assets: a small table is smaller than the default one.
        private final Map<Asset, Amount> balances = new HashMap<>(2);
        private AccountSettings settings;

        Account(AccountSettings settings) {
            this.settings = settings;
        }
    }
}
