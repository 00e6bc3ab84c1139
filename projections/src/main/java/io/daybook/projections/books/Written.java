package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Balances that need not be read again, as they were written. */
final class Written extends Known {

    private static final int MAX_BALANCES = 65_536;
    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int maxBalances;

    Written() {
        this(MAX_BALANCES);
    }

    /**
     * @param maxBalances how many it keeps between two batches
     */
    Written(int maxBalances) {
        // That which was asked for longest ago is the first.
        super(new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true));
        this.maxBalances = maxBalances;
    }

    @Override
    void compare(Map<LedgerId, @Nullable String> now) {
        boolean isSame = now.entrySet().stream().allMatch(ledger -> {
            String known = versions.get(ledger.getKey());
            return known == null || known.equals(ledger.getValue());
        });
        if (!isSame || versions.size() > MAX_LEDGERS) {
            forget();
        }
    }

    /** Some are forgotten only now: one that its batch comes back to would be read as it was before the batch. */
    @Override
    void remember(Map<LedgerId, String> written) {
        super.remember(written);
        Iterator<RunningBalance> longestAgo = balances.values().iterator();
        while (balances.size() > maxBalances) {
            longestAgo.next();
            longestAgo.remove();
        }
    }
}
