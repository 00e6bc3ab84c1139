package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a projection knows of the books as it has written them itself, while nobody else has written to the ledger since. That
 * is told by the version of the ledger's row, which every batch writes: it is rolled back with the batch, and another
 * writer's is another.
 */
abstract class Known {

    static final int MAX_LEDGERS = 65_536;

    /** Of the rows of those ledgers of which something is known. */
    final Map<LedgerId, String> versions = new HashMap<>();

    final Map<BalanceKey, RunningBalance> balances;

    /**
     * @param balances where they are kept; empty
     */
    Known(Map<BalanceKey, RunningBalance> balances) {
        this.balances = balances;
    }

    /**
     * Forgets what may have changed.
     *
     * @param now the versions of the rows of ledgers, each locked; null for a ledger that has none
     */
    abstract void compare(Map<LedgerId, @Nullable String> now);

    /** Null if it has to be read. */
    final @Nullable RunningBalance find(BalanceKey key) {
        return balances.get(key);
    }

    /** One that has to be read, or made, and is so when the batch is written. */
    final void add(RunningBalance balance) {
        balances.put(balance.key(), balance);
    }

    /** It was not. */
    final void remove(RunningBalance balance) {
        balances.remove(balance.key());
    }

    /**
     * A batch is written, with the balances as they are.
     *
     * @param written the versions of the ledgers' rows since
     */
    void remember(Map<LedgerId, String> written) {
        versions.putAll(written);
    }

    final void forget() {
        versions.clear();
        balances.clear();
    }
}
