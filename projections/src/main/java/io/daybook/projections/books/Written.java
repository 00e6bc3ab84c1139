package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Balances that need not be read again, as they were written. */
final class Written implements Known {

    private static final int MAX_LEDGERS = 65_536;
    private static final int MAX_BALANCES = 65_536;
    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int maxBalances;
    private final Map<LedgerId, String> versions = new HashMap<>();

    /** That which was asked for longest ago is the first. */
    private final Map<BalanceKey, RunningBalance> balances = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);

    Written() {
        this(MAX_BALANCES);
    }

    /**
     * @param maxBalances how many it keeps between two batches
     */
    Written(int maxBalances) {
        this.maxBalances = maxBalances;
    }

    @Override
    public void compare(Map<LedgerId, @Nullable String> now) {
        boolean isSame = now.entrySet().stream().allMatch(ledger -> {
            String known = versions.get(ledger.getKey());
            return known == null || known.equals(ledger.getValue());
        });
        if (!isSame || versions.size() > MAX_LEDGERS) {
            versions.clear();
            balances.clear();
        }
    }

    @Override
    public @Nullable RunningBalance find(BalanceKey key) {
        return balances.get(key);
    }

    @Override
    public void add(RunningBalance balance) {
        balances.put(balance.key(), balance);
    }

    @Override
    public void remove(RunningBalance balance) {
        balances.remove(balance.key());
    }

    /** Some are forgotten only now: one that its batch comes back to would be read as it was before the batch. */
    @Override
    public void remember(Map<LedgerId, String> written) {
        versions.putAll(written);
        Iterator<RunningBalance> longestAgo = balances.values().iterator();
        while (balances.size() > maxBalances) {
            longestAgo.next();
            longestAgo.remove();
        }
    }
}
