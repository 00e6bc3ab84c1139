package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Recent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a projection has written itself, and need not read again while nobody else has written to the ledger since. That is
 * told by the version of the ledger's row, which every batch writes: it is rolled back with the batch, and another writer's
 * is another.
 */
final class Known {

    private static final int MAX_LEDGERS = 65_536;
    private static final int MAX_BALANCES = 65_536;

    private final Map<LedgerId, String> versions = new HashMap<>();
    private final Recent<BalanceKey, Balance> balances = new Recent<>(MAX_BALANCES);

    /**
     * Forgets what may have changed.
     *
     * @param now the versions of the rows of ledgers, each locked; null for a ledger that has none
     */
    void compare(Map<LedgerId, @Nullable String> now) {
        boolean isSame = now.entrySet().stream().allMatch(ledger -> {
            String known = versions.get(ledger.getKey());
            return known == null || known.equals(ledger.getValue());
        });
        if (!isSame || versions.size() > MAX_LEDGERS) {
            versions.clear();
            balances.clear();
        }
    }

    /** Null if it has to be read. */
    @Nullable Balance balance(BalanceKey key) {
        return balances.get(key);
    }

    /**
     * What was written.
     *
     * @param written the versions of the ledgers' rows since
     */
    void remember(Map<LedgerId, String> written, Map<BalanceKey, Balance> changed) {
        versions.putAll(written);
        balances.putAll(changed);
    }
}
