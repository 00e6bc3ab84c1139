package io.daybook.projections.balances;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Posts to Redis. What a batch changes is written ledger by ledger, by a script that first compares how far the ledger is
 * with what was known. What this projection has written itself it need not read again: while nobody else has written, a batch
 * is one round trip, or two if it touches what has not come up for long.
 */
final class BalancesProjection implements Projection {

    private static final int MAX_LEDGERS = 65_536;
    private static final int MAX_FUNDS = 65_536;

    private final BalancesStore store;
    private final boolean counts;

    /** The ledgers that it has written last, and what it knows of them since. */
    private final Map<LedgerId, Place> places = new HashMap<>();

    private final Recent<BalanceKey, Funds> known = new Recent<>(MAX_FUNDS);

    /**
     * @param counts whether accounts are counted as they are made
     * @param notices whether those who listen are told how far a ledger has come
     */
    BalancesProjection(RedisClient client, BalanceKeys keys, boolean counts, boolean notices) {
        this.store = new BalancesStore(client, keys, counts, notices);
        this.counts = counts;
    }

    @Override
    public String name() {
        return "balances";
    }

    @Override
    public void prepare() {
        store.connect();
    }

    @Override
    public void apply(List<PublishedEvent> events) throws Exception {
        if (!postByWhatIsKnown(events) && !post(events)) {
            throw new ConcurrentModificationException("somebody else has posted to these balances meanwhile");
        }
    }

    /**
     * Whether all is there; if not, nothing is known any more. What seems to be missing, or wrong, may be so only by what was
     * known: somebody else may have posted the ledger anew.
     */
    private boolean postByWhatIsKnown(List<PublishedEvent> events) throws Exception {
        try {
            return post(events);
        } catch (Exception e) {
            if (isOutage(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Redis refuses what a ledger's keys cannot take; all else that comes of it is a matter of the server or the way. */
    @Override
    public boolean isOutage(Exception failure) {
        return switch (failure instanceof ExecutionException ? failure.getCause() : failure) {
            case RedisCommandExecutionException refused -> !isOfTheKeys(refused.getMessage());
            case RedisException away -> true;
            case TimeoutException slow -> true;
            case CancellationException closed -> true;
            case InterruptedException closing -> true;
            case ConcurrentModificationException another -> true;
            default -> false;
        };
    }

    /** What is of the server, such as that it may not write or has no memory left, has a prefix of its own in scripts too. */
    private static boolean isOfTheKeys(String message) {
        return message.startsWith("WRONGTYPE") || message.startsWith("ERR") && message.contains("@user_script");
    }

    private void forget() {
        places.clear();
        known.clear();
    }

    /** Whether all is there; if not, somebody else has written since what was known. What is known is then forgotten. */
    private boolean post(List<PublishedEvent> events) throws Exception {
        boolean posted = false;
        try {
            posted = tryToPost(events);
            return posted;
        } finally {
            if (!posted) {
                forget();
            }
        }
    }

    private boolean tryToPost(List<PublishedEvent> events) throws Exception {
        if (places.size() > MAX_LEDGERS) {
            forget();
        }
        Map<LedgerId, Place> before = places(Positions.ledgersOf(events));
        Map<LedgerId, Long> positions = new HashMap<>();
        before.forEach((ledger, place) -> positions.put(ledger, place.sequence()));
        BalancesBatch unseen = new BalancesBatch(Positions.newOf(events, positions), counts);
        Map<BalanceKey, Funds> funds = new HashMap<>();
        if (!find(unseen, before, funds)) {
            return false;
        }
        Map<LedgerId, Change> changes = unseen.changes(funds);
        if (!store.write(changes.values(), before)) {
            return false;
        }
        changes.forEach((ledger, change) -> places.put(ledger, store.after(change)));
        known.putAll(funds);
        return true;
    }

    private Map<LedgerId, Place> places(Set<LedgerId> ledgers) throws Exception {
        Set<LedgerId> unknown = new LinkedHashSet<>(ledgers);
        unknown.removeAll(places.keySet());
        Map<LedgerId, Place> found = store.places(unknown);
        ledgers.forEach(ledger -> found.computeIfAbsent(ledger, places::get));
        return found;
    }

    /**
     * Finds what there is of all that a batch touches.
     *
     * @return false if a ledger is somewhere else meanwhile
     */
    private boolean find(BalancesBatch batch, Map<LedgerId, Place> before, Map<BalanceKey, Funds> funds)
            throws Exception {
        Map<LedgerId, Set<BalanceKey>> unknown = new LinkedHashMap<>();
        for (BalanceKey key : batch.touched()) {
            Funds all = known.get(key);
            if (all == null) {
                unknown.computeIfAbsent(key.ledger(), ledger -> new LinkedHashSet<>())
                        .add(key);
            } else {
                funds.put(key, all);
            }
        }
        return store.find(unknown, before, funds);
    }

    @Override
    public void close() {
        store.close();
    }
}
