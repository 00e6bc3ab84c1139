package io.daybook.acceptance;

import io.daybook.events.LedgerId;
import io.daybook.stores.redis.AccountFields;
import io.daybook.stores.redis.AccountFields.Sum;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.sync.RedisCommands;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the balances straight from Redis, as its documentation says they are kept. */
final class RedisReader {

    private RedisReader() {}

    /** By account, of the one asset that the ledger has. */
    static Map<String, BigInteger> balances(int port, String ledger) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + port + "/0");
        try (var connection = client.connect()) {
            var redis = connection.sync();
            String prefix = accounts(redis, ledger);
            Map<String, BigInteger> balances = new TreeMap<>();
            ScanIterator.scan(redis, ScanArgs.Builder.matches(prefix + "*").limit(1_000))
                    .forEachRemaining(key -> {
                        Map<String, String> account = redis.hgetall(key);
                        AccountFields.assets(account)
                                .forEach(asset -> balances.put(
                                        key.substring(prefix.length()),
                                        Sum.INPUT.in(account, asset).subtract(Sum.OUTPUT.in(account, asset))));
                    });
            return balances;
        } finally {
            client.shutdown();
        }
    }

    /** With what the keys of each generation begin of which there are any. */
    static Set<String> generations(int port) {
        return keys(port, "*{*}:*").stream()
                .map(key -> key.substring(0, key.indexOf('{')))
                .collect(Collectors.toSet());
    }

    /** All that match. */
    static Set<String> keys(int port, String pattern) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + port + "/0");
        try (var connection = client.connect()) {
            Set<String> keys = new TreeSet<>();
            ScanIterator.scan(
                            connection.sync(), ScanArgs.Builder.matches(pattern).limit(1_000))
                    .forEachRemaining(keys::add);
            return keys;
        } finally {
            client.shutdown();
        }
    }

    /** With what the keys of a ledger's accounts begin. */
    static String accounts(RedisCommands<String, String> redis, String ledger) {
        return BalanceKeys.of(BalanceKeys.liveGeneration(redis.get(BalanceKeys.LIVE_GENERATION)))
                .account(new LedgerId(ledger), "");
    }
}
