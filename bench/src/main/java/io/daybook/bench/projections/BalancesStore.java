package io.daybook.bench.projections;

import io.daybook.bench.history.History;
import io.daybook.bench.measure.Expected;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;

/** The balances in Redis: a hash for each account, in it what came in and went out of each asset. */
final class BalancesStore implements Store {

    private final String prefix;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;

    BalancesStore(Map<String, String> services) {
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
                add(event, posting.source(), "out:" + posting.asset().name(), amount);
                add(event, posting.destination(), "in:" + posting.asset().name(), amount);
            }
        }
    }

    private void add(PublishedEvent event, AccountAddress account, String field, long amount) {
        redis.hincrby("daybook:{" + event.ledger().value() + "}:account:" + account, field, amount);
    }

    @Override
    public void verify(long events) {
        long input = 0;
        long output = 0;
        for (String account : redis.keys("daybook:{" + prefix + "-*}:account:*")) {
            Map<String, String> amounts = redis.hgetall(account);
            input += Long.parseLong(amounts.getOrDefault("in:USD/2", "0"));
            output += Long.parseLong(amounts.getOrDefault("out:USD/2", "0"));
        }
        Expected.require("units that came in", events - History.LEDGERS, input);
        Expected.require("units that went out", events - History.LEDGERS, output);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
