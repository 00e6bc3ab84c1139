package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Available;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.Overdraft;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an account allows. An account that was never configured has {@link #DEFAULT}. */
public record AccountSettings(
        Overdraft overdraft, Map<Asset, BalanceLimits> limits, boolean closed, Map<String, String> metadata) {

    static final AccountSettings DEFAULT = new AccountSettings(Overdraft.NONE, Map.of(), false, Map.of());
    static final AccountSettings WORLD = new AccountSettings(Overdraft.UNLIMITED, Map.of(), false, Map.of());

    /** Those of an account that was never configured. */
    public static AccountSettings initial(AccountAddress account) {
        return account.isWorld() ? WORLD : DEFAULT;
    }

    public static AccountSettings of(AccountConfigured event) {
        return new AccountSettings(event.overdraft(), event.limits(), event.closed(), event.metadata());
    }

    AccountSettings with(Map<String, String> changedMetadata) {
        return new AccountSettings(overdraft, limits, closed, changedMetadata);
    }

    /**
     * What may be spent, or null for no bound.
     *
     * @param unheld what the account has beside what is held
     */
    @Nullable Amount available(Asset asset, Amount unheld) {
        return Available.of(asset, overdraft, limits, unheld.toBigInteger());
    }

    @Nullable Amount min(Asset asset) {
        BalanceLimits bounds = limits.get(asset);
        return bounds == null ? null : bounds.min();
    }

    @Nullable Amount max(Asset asset) {
        BalanceLimits bounds = limits.get(asset);
        return bounds == null ? null : bounds.max();
    }
}
