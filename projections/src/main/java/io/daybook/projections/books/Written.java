package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Recent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Balances that need not be read again, as they were written. */
final class Written implements Known {

    private static final int MAX_LEDGERS = 65_536;

    /** Of a batch, which has some 40,000 at most, none is lost before its end. */
    private static final int MAX_BALANCES = 65_536;

    private final Map<LedgerId, String> versions = new HashMap<>();
    private final Recent<BalanceKey, RunningBalance> balances = new Recent<>(MAX_BALANCES);

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

    @Override
    public void remember(Map<LedgerId, String> written) {
        versions.putAll(written);
    }
}
