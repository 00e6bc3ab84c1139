package io.daybook.projections.balances;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.LedgerSample;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.Turnover;
import io.daybook.stores.redis.AccountFields;
import io.daybook.stores.redis.AccountFields.Sum;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Generations of the balances have keys of their own; a key tells which of them is live. */
final class BalancesGenerations implements GenerationStore {

    /** The first in which the accounts of a ledger are counted, and {@code world} is one of them from its opening on. */
    static final int COUNTED = 2;

    private static final int FORMAT = COUNTED;
    private static final int SCANNED_AT_ONCE = 1_000;
    private static final int EXAMPLES = 5;

    private final RedisClient client;

    BalancesGenerations(RedisClient client) {
        this.client = client;
    }

    @Override
    public String projection() {
        return "balances";
    }

    @Override
    public int format() {
        return FORMAT;
    }

    @Override
    public Projection posting(Generation generation, Role role) {
        return new BalancesProjection(
                client, BalanceKeys.of(generation.number()), generation.format() >= COUNTED, role == Role.LIVE);
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
            scan(redis, pattern(generation), keys -> redis.unlink(keys.toArray(String[]::new)));
        }
    }

    private static String pattern(int generation) {
        return BalanceKeys.of(generation).all();
    }

    /** Gives all keys that match, some of them perhaps more than once. */
    static void scan(RedisCommands<String, String> redis, String matching, Consumer<List<String>> keys) {
        ScanArgs pattern = ScanArgs.Builder.matches(matching).limit(SCANNED_AT_ONCE);
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
            scan(connection.sync(), pattern(generation), keys -> {
                Map<String, RedisFuture<Map<String, String>>> asked = new HashMap<>();
                keys.stream()
                        .filter(key -> BalanceKeys.isAccount(key) && seen.add(key))
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
        LedgerId ledger = BalanceKeys.ledger(key);
        fields.forEach((field, value) -> {
            if (Sum.INPUT.is(field)) {
                sums.merge("ledger " + ledger + ": " + Sum.INPUT.asset(field), new BigInteger(value), BigInteger::add);
            } else if (Sum.OUTPUT.is(field)) {
                sums.merge(
                        "ledger " + ledger + ": " + Sum.OUTPUT.asset(field),
                        new BigInteger(value).negate(),
                        BigInteger::add);
            }
        });
    }

    @Override
    public Map<LedgerId, Long> positions(int generation, Role role) {
        Map<LedgerId, Long> positions = new HashMap<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            scan(redis, BalanceKeys.of(generation).positions(), keys -> redis.mget(keys.toArray(String[]::new))
                    .forEach(found -> found.ifHasValue(
                            sequence -> positions.put(BalanceKeys.ledger(found.getKey()), Long.valueOf(sequence)))));
        }
        return positions;
    }

    @Override
    public long position(int generation, Role role, LedgerId ledger) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            String position = connection.sync().get(BalanceKeys.of(generation).position(ledger));
            return position == null ? 0 : Long.parseLong(position);
        }
    }

    @Override
    public Map<LedgerId, Long> reached(Generation generation, Map<LedgerId, Span> ledgers) {
        BalanceKeys keys = BalanceKeys.of(generation.number());
        Map<LedgerId, Long> reached = new HashMap<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection
                    .sync()
                    .mget(ledgers.keySet().stream().map(keys::position).toArray(String[]::new))
                    .forEach(found -> found.ifHasValue(
                            sequence -> reached.put(BalanceKeys.ledger(found.getKey()), Long.valueOf(sequence))));
        }
        return reached;
    }

    @Override
    public Map<LedgerId, LedgerCount> count(
            Generation generation, Map<LedgerId, Long> heads, LedgerAccounts accounts, Pace pace) throws Exception {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return new BalancesCounts(connection, generation, accounts, pace).count(heads);
        }
    }

    @Override
    public LedgerRepair repair(Generation generation, LedgerId ledger) {
        return new BalancesRepair(client, generation, ledger);
    }

    @Override
    public List<String> faults(int generation, LedgerSample sample) {
        BalanceKeys keys = BalanceKeys.of(generation);
        List<String> faults = new ArrayList<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            sample.accounts().forEach((key, expected) -> {
                Map<String, String> fields = redis.hgetall(keys.account(key.ledger(), key.account()));
                String asset = key.asset().name();
                LedgerSample.Position found = new LedgerSample.Position(
                        new Turnover(Sum.INPUT.in(fields, asset), Sum.OUTPUT.in(fields, asset)),
                        Sum.HELD.in(fields, asset));
                if (!found.equals(expected) && faults.size() < EXAMPLES) {
                    faults.add("ledger " + key.ledger() + ": " + asset + " at " + key.account() + " is " + found
                            + ", and should be " + expected);
                }
            });
        }
        return faults;
    }

    @Override
    public Comparison compare(Generation live, Generation aside) {
        List<String> differences = new ArrayList<>();
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            compare(connection, live.number(), aside.number(), "live", "new", differences);
            compare(connection, aside.number(), live.number(), "new", "live", differences);
        }
        return () -> differences.stream().distinct().limit(EXAMPLES).toList();
    }

    /** Looks up all that the one has in the other, page by page. */
    private static void compare(
            StatefulRedisConnection<String, String> connection,
            int one,
            int other,
            String oneName,
            String otherName,
            List<String> differences) {
        String before = BalanceKeys.of(one).before();
        String beforeOther = BalanceKeys.of(other).before();
        RedisAsyncCommands<String, String> redis = connection.async();
        scan(connection.sync(), pattern(one), keys -> {
            // All are asked for before the first is waited for.
            List<CompletionStage<String>> told = keys.stream()
                    .filter(key -> !BalanceKeys.isOfWriting(key))
                    .map(key -> key.substring(before.length()))
                    .map(name -> value(redis, before + name)
                            .thenCombine(
                                    value(redis, beforeOther + name),
                                    (value, otherValue) -> value.equals(otherValue)
                                            ? ""
                                            : name + ": " + oneName + " " + value + ", " + otherName + " "
                                                    + otherValue))
                    .toList();
            for (CompletionStage<String> difference : told) {
                String text = difference.toCompletableFuture().join();
                if (!text.isEmpty() && differences.size() < EXAMPLES) {
                    differences.add(text);
                }
            }
        });
    }

    private static CompletionStage<String> value(RedisAsyncCommands<String, String> redis, String key) {
        return BalanceKeys.isAccount(key)
                ? redis.hgetall(key).thenApply(BalancesGenerations::text)
                : redis.get(key).thenApply(value -> value == null ? "nothing" : value);
    }

    /** No metadata is the same, whether that is written or not. */
    private static String text(Map<String, String> fields) {
        Map<String, String> sorted = new TreeMap<>(fields);
        sorted.remove(AccountFields.METADATA, AccountFields.NO_METADATA);
        return sorted.toString();
    }
}
