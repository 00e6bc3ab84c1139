package io.daybook.projections.balances;

import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.Projection;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Generations of the balances have keys of their own; a key tells which of them is live. */
final class BalancesGenerations implements GenerationStore {

    private static final int SCANNED_AT_ONCE = 1_000;
    private static final int EXAMPLES = 5;
    private static final String ACCOUNT = "}:account:";

    private final RedisClient client;

    BalancesGenerations(RedisClient client) {
        this.client = client;
    }

    @Override
    public String projection() {
        return "balances";
    }

    @Override
    public Projection posting(int generation, Role role) {
        return new BalancesProjection(client, BalanceKeys.of(generation), role == Role.LIVE);
    }

    @Override
    public void serve(int generation) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set(BalanceKeys.LIVE_GENERATION, Integer.toString(generation));
        }
    }

    @Override
    public void drop(int generation) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            scan(redis, generation, keys -> redis.unlink(keys.toArray(String[]::new)));
        }
    }

    private static void scan(RedisCommands<String, String> redis, int generation, Consumer<List<String>> keys) {
        ScanArgs pattern =
                ScanArgs.Builder.matches(BalanceKeys.of(generation).pattern()).limit(SCANNED_AT_ONCE);
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            KeyScanCursor<String> page = redis.scan(cursor, pattern);
            if (!page.getKeys().isEmpty()) {
                keys.accept(page.getKeys());
            }
            cursor = page;
        }
    }

    /** Every asset of a ledger sums to zero. */
    @Override
    public List<String> faults(int generation) {
        Map<String, BigInteger> sums = new TreeMap<>();
        // A scan may come to a key more than once.
        Set<String> seen = new HashSet<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            scan(connection.sync(), generation, keys -> {
                Map<String, RedisFuture<Map<String, String>>> asked = new HashMap<>();
                keys.stream()
                        .filter(key -> key.contains(ACCOUNT) && seen.add(key))
                        .forEach(key -> asked.put(key, connection.async().hgetall(key)));
                asked.forEach((key, fields) ->
                        add(sums, key, fields.toCompletableFuture().join()));
            });
        }
        return sums.entrySet().stream()
                .filter(sum -> sum.getValue().signum() != 0)
                .limit(EXAMPLES)
                .map(sum -> sum.getKey() + " does not sum to zero but to " + sum.getValue())
                .toList();
    }

    private static void add(Map<String, BigInteger> sums, String key, Map<String, String> fields) {
        String ledger = key.substring(key.indexOf('{') + 1, key.indexOf('}'));
        fields.forEach((field, value) -> {
            if (field.startsWith(BalancesProjection.IN)) {
                sums.merge(
                        "ledger " + ledger + ": " + field.substring(BalancesProjection.IN.length()),
                        new BigInteger(value),
                        BigInteger::add);
            } else if (field.startsWith(BalancesProjection.OUT)) {
                sums.merge(
                        "ledger " + ledger + ": " + field.substring(BalancesProjection.OUT.length()),
                        new BigInteger(value).negate(),
                        BigInteger::add);
            }
        });
    }

    @Override
    public List<String> differences(int live, int aside) {
        List<String> differences = new ArrayList<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            compare(redis, live, aside, "live", "new", differences);
            compare(redis, aside, live, "new", "live", differences);
        }
        return differences.stream().limit(EXAMPLES).toList();
    }

    /** Looks up all that the one has in the other. */
    private static void compare(
            RedisCommands<String, String> redis,
            int one,
            int other,
            String oneName,
            String otherName,
            List<String> differences) {
        String before = BalanceKeys.of(one).before();
        String beforeOther = BalanceKeys.of(other).before();
        scan(redis, one, keys -> {
            for (String key : keys) {
                if (key.endsWith(BalanceKeys.WRITER)) {
                    continue;
                }
                String name = key.substring(before.length());
                String value = value(redis, key);
                String otherValue = value(redis, beforeOther + name);
                if (!value.equals(otherValue) && differences.size() < EXAMPLES) {
                    differences.add(name + ": " + oneName + " " + value + ", " + otherName + " " + otherValue);
                }
            }
        });
    }

    private static String value(RedisCommands<String, String> redis, String key) {
        if (key.contains(ACCOUNT)) {
            return new TreeMap<>(redis.hgetall(key)).toString();
        }
        String value = redis.get(key);
        return value == null ? "nothing" : value;
    }
}
