package io.daybook.events;

import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent from an account: what it has beside what is held, and as far below zero as its overdraft lets it go, but
 * not below the least balance that its limits allow. Commands are decided by it, and queries tell it.
 */
public final class Available {

    private Available() {}

    /**
     * How much of an asset may be spent.
     *
     * @param limits by asset
     * @param unheld the balance less what is held
     * @return from zero to {@link Amount#MAX}, as no posting moves more; null if there is no bound
     */
    public static @Nullable Amount of(
            Asset asset, Overdraft overdraft, Map<Asset, BalanceLimits> limits, BigInteger unheld) {
        Amount floor = floor(asset, overdraft, limits);
        return floor == null
                ? null
                : Amount.of(unheld.subtract(floor.toBigInteger())
                        .max(BigInteger.ZERO)
                        .min(Amount.MAX.toBigInteger()));
    }

    /** The lowest balance that is allowed, or null for no bound. */
    private static @Nullable Amount floor(Asset asset, Overdraft overdraft, Map<Asset, BalanceLimits> limits) {
        Amount ofOverdraft = overdraft.floor(asset);
        BalanceLimits ofAsset = limits.get(asset);
        Amount min = ofAsset == null ? null : ofAsset.min();
        if (ofOverdraft == null || min == null) {
            return ofOverdraft == null ? min : ofOverdraft;
        }
        return ofOverdraft.max(min);
    }
}
