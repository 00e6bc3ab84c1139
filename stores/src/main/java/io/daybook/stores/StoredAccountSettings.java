package io.daybook.stores;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.Overdraft;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What an account allows, as it is in the balances, in the books, and, among other things, in the event that sets it. */
public record StoredAccountSettings(Overdraft overdraft, Map<Asset, BalanceLimits> limits, boolean closed) {

    private static final JsonMapper JSON = JsonMapper.builder()
            // The event that set them has more.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final StoredAccountSettings OF_WORLD =
            new StoredAccountSettings(Overdraft.UNLIMITED, Map.of(), false);
    private static final StoredAccountSettings OF_OTHERS = new StoredAccountSettings(Overdraft.NONE, Map.of(), false);

    /** Those of an account that was never configured. */
    public static StoredAccountSettings initial(AccountAddress account) {
        return account.isWorld() ? OF_WORLD : OF_OTHERS;
    }

    /**
     * @throws tools.jackson.core.JacksonException if it is not that of settings
     */
    public static StoredAccountSettings ofJson(String json) {
        return JSON.readValue(json, StoredAccountSettings.class);
    }

    public String json() {
        return JSON.writeValueAsString(this);
    }
}
