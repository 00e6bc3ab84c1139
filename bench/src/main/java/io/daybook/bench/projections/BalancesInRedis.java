package io.daybook.bench.projections;

import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Expected;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.redis.AccountFields.Sum;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;

/** The balances in Redis: a hash for each account, in it what came in and went out of each asset. */
final class BalancesInRedis implements Store {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private final String prefix;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;

    BalancesInRedis(Map<String, String> services) {
        prefix = services.get("daybook.kafka.topic-prefix");
        client = RedisClient.create(services.get("daybook.redis.uri"));
        connection = client.connect();
        redis = connection.sync();
    }

    @Override
    public void write(PublishedEvent event) {
        if (event.event() instanceof Transaction transaction) {
            for (Posting posting : transaction.postings()) {
                long amount = posting.amount().toBigInteger().longValueExact();
                add(event, posting.source(), Sum.OUTPUT, posting.asset(), amount);
                add(event, posting.destination(), Sum.INPUT, posting.asset(), amount);
            }
        }
    }

    private void add(PublishedEvent event, AccountAddress account, Sum sum, Asset asset, long amount) {
        redis.hincrby(KEYS.account(event.ledger(), account), sum.of(asset), amount);
    }

    @Override
    public void verify(long events) {
        long input = 0;
        long output = 0;
        for (int ledger = 0; ledger < SampleHistory.LEDGERS; ledger++) {
            for (String account : redis.keys(KEYS.accounts(SampleHistory.ledger(prefix, ledger)))) {
                Map<String, String> sums = redis.hgetall(account);
                input += Sum.INPUT.in(sums, SampleHistory.USD.name()).longValueExact();
                output += Sum.OUTPUT.in(sums, SampleHistory.USD.name()).longValueExact();
            }
        }
        Expected.require("units that came in", events - SampleHistory.LEDGERS, input);
        Expected.require("units that went out", events - SampleHistory.LEDGERS, output);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
