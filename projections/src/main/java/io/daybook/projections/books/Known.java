package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a projection knows of the books as it has written them itself, while nobody else has written to the ledger since. That
 * is told by the version of the ledger's row, which every batch writes: it is rolled back with the batch, and another
 * writer's is another.
 */
interface Known {

    /**
     * Forgets what may have changed.
     *
     * @param now the versions of the rows of ledgers, each locked; null for a ledger that has none
     */
    void compare(Map<LedgerId, @Nullable String> now);

    /** Null if it has to be read. */
    @Nullable RunningBalance find(BalanceKey key);

    /** One that has to be read, or made, and is so when the batch is written. */
    void add(RunningBalance balance);

    /** It was not. */
    void remove(RunningBalance balance);

    /**
     * A batch is written, with the balances as they are.
     *
     * @param written the versions of the ledgers' rows since
     */
    void remember(Map<LedgerId, String> written);
}
