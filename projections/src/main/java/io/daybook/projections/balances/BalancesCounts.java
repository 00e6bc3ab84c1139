package io.daybook.projections.balances;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerAccounts.Place;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what a generation has of ledgers. The script that writes balances counts the accounts that it makes: one that was
 * lost, and is written again, is counted twice. Those that were lost and are not written again are missed by their names.
 */
final class BalancesCounts {

    /**
     * A ledger that is counted.
     *
     * @param sequence of its last event
     * @param counted how many accounts were counted as they were made
     */
    private static final class Tally {
        private final long sequence;
        private final long counted;
        private String last = "";
        private long accounts;
        private long found;

        Tally(long sequence, long counted) {
            this.sequence = sequence;
            this.counted = counted;
        }

        LedgerCount count() {
            return LedgerCount.of("accounts", found, accounts)
                    .and(LedgerCount.of("accounts by its own count", counted, accounts));
        }
    }

    private final StatefulRedisConnection<String, String> redis;
    private final BalanceKeys keys;
    private final boolean isCounted;
    private final LedgerAccounts accounts;
    private final Pace pace;

    BalancesCounts(
            StatefulRedisConnection<String, String> redis, Generation generation, LedgerAccounts accounts, Pace pace) {
        this.redis = redis;
        this.keys = BalanceKeys.of(generation.number());
        this.isCounted = generation.format() >= BalancesGenerations.COUNTED;
        this.accounts = accounts;
        this.pace = pace;
    }

    Map<LedgerId, LedgerCount> count(Map<LedgerId, Long> heads) throws Exception {
        Map<LedgerId, LedgerCount> counts = new HashMap<>();
        Map<LedgerId, Tally> open = pace.ask(() -> places(heads, counts));
        while (!open.isEmpty()) {
            Map<LedgerId, Place> asked = new HashMap<>();
            open.forEach((ledger, tally) -> asked.put(ledger, new Place(tally.last, tally.sequence)));
            Map<LedgerId, List<String>> names = pace.ask(() -> accounts.following(asked));
            pace.ask(() -> find(names, open));
            open.entrySet().removeIf(entry -> {
                List<String> page = names.get(entry.getKey());
                if (page == null) {
                    counts.put(entry.getKey(), LedgerCount.UNKNOWN);
                } else if (page.size() < LedgerAccounts.PAGE) {
                    LedgerCount count = entry.getValue().count();
                    // The names may be what is not right.
                    boolean isSure = count.isComplete() || accounts.areComplete(entry.getKey());
                    counts.put(entry.getKey(), isSure ? count : LedgerCount.UNKNOWN);
                }
                return counts.containsKey(entry.getKey());
            });
        }
        return counts;
    }

    /** Those whose accounts are to be counted; the others are in the counts already. */
    private Map<LedgerId, Tally> places(Map<LedgerId, Long> heads, Map<LedgerId, LedgerCount> counts) throws Exception {
        Map<LedgerId, RedisFuture<List<KeyValue<String, String>>>> asked = new HashMap<>();
        heads.keySet()
                .forEach(ledger -> asked.put(ledger, redis.async().mget(keys.position(ledger), keys.count(ledger))));
        Map<LedgerId, Tally> open = new HashMap<>();
        for (var entry : asked.entrySet()) {
            LedgerId ledger = entry.getKey();
            List<KeyValue<String, String>> place = BalancesStore.get(entry.getValue());
            long sequence = Long.parseLong(place.get(0).getValueOrElse("0"));
            LedgerCount reached = LedgerCount.reached(sequence, heads.get(ledger));
            if (!reached.isComplete()) {
                counts.put(ledger, reached);
            } else if (!isCounted) {
                counts.put(ledger, LedgerCount.UNKNOWN);
            } else {
                open.put(ledger, new Tally(sequence, Long.parseLong(place.get(1).getValueOrElse("0"))));
            }
        }
        return open;
    }

    private Void find(Map<LedgerId, List<String>> names, Map<LedgerId, Tally> open) throws Exception {
        Map<LedgerId, RedisFuture<Long>> asked = new HashMap<>();
        names.forEach((ledger, page) -> {
            if (!page.isEmpty()) {
                Tally tally = open.get(ledger);
                tally.last = page.getLast();
                tally.accounts += page.size();
                asked.put(
                        ledger,
                        redis.async()
                                .exists(page.stream()
                                        .map(name -> keys.account(ledger, name))
                                        .toArray(String[]::new)));
            }
        });
        for (var entry : asked.entrySet()) {
            open.get(entry.getKey()).found += BalancesStore.get(entry.getValue());
        }
        return null;
    }
}
