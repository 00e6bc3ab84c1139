package io.daybook.projections.balances;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;

/**
 * A ledger of the balances. Until the end its position has a name that nobody looks for, and without a position its accounts
 * are asked for in the books.
 */
final class BalancesRepair implements LedgerRepair {

    private static final String FINISH = """
            if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAME', KEYS[1], KEYS[2]) end
            redis.call('PUBLISH', ARGV[1], ARGV[2])
            """;

    private final BalanceKeys keys;
    private final LedgerId ledger;
    private final BalancesProjection projection;
    private final StatefulRedisConnection<String, String> connection;

    BalancesRepair(RedisClient client, Generation generation, LedgerId ledger) {
        this.keys = BalanceKeys.of(generation.number());
        this.ledger = ledger;
        this.projection =
                new BalancesProjection(client, keys.anew(), generation.format() >= BalancesGenerations.COUNTED, false);
        this.connection = client.connect();
    }

    /** All of it, as balances are sums; but what an earlier attempt has posted is as good as its position tells. */
    @Override
    public long begin(long after) {
        projection.prepare();
        RedisCommands<String, String> redis = connection.sync();
        redis.del(keys.position(ledger));
        String reached = redis.get(keys.anew().position(ledger));
        if (reached != null) {
            return Long.parseLong(reached);
        }
        redis.del(keys.count(ledger));
        BalancesGenerations.scan(redis, keys.accounts(ledger), found -> redis.unlink(found.toArray(String[]::new)));
        return 0;
    }

    @Override
    public void post(List<PublishedEvent> events) throws Exception {
        projection.apply(events);
    }

    @Override
    public void finish(long last) {
        connection
                .sync()
                .eval(
                        FINISH,
                        ScriptOutputType.STATUS,
                        new String[] {keys.anew().position(ledger), keys.position(ledger)},
                        BalanceKeys.notices(ledger),
                        Long.toString(last));
    }

    @Override
    public void close() {
        projection.close();
        connection.close();
    }
}
