package io.daybook.query.store;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Available;
import io.daybook.events.BalanceLimits;
import io.daybook.events.Overdraft;
import java.math.BigInteger;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What an account allows. */
public record AccountSettings(Overdraft overdraft, Map<Asset, BalanceLimits> limits, boolean closed) {

    /** They are read from the event that set them too, which has more. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final AccountSettings OF_WORLD = new AccountSettings(Overdraft.UNLIMITED, Map.of(), false);
    private static final AccountSettings OF_OTHERS = new AccountSettings(Overdraft.NONE, Map.of(), false);

    /** Those of an account that was never configured. */
    public static AccountSettings initial(AccountAddress account) {
        return account.isWorld() ? OF_WORLD : OF_OTHERS;
    }

    /** As the stores have them. */
    public static AccountSettings ofJson(String json) {
        return JSON.readValue(json, AccountSettings.class);
    }

    /**
     * What may be spent of an asset, as the contract tells it: digits, or that there is no bound. Of a closed account that is
     * nothing.
     *
     * @param unheld the balance less what is held
     */
    public String available(Asset asset, BigInteger unheld) {
        if (closed) {
            return Amount.ZERO.toString();
        }
        Amount available = Available.of(asset, overdraft, limits, unheld);
        return available == null ? Overdraft.UNLIMITED_NAME : available.toString();
    }
}
