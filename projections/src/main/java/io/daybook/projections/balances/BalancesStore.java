package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.stores.StoredAccountSettings;
import io.daybook.stores.redis.AccountFields;
import io.daybook.stores.redis.AccountFields.Sum;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Redis, as who posts to a generation of the balances uses it: each call is one round trip, whatever the number of ledgers. What
 * belongs together in a ledger is read and written by a script. Redis cannot add exactly beyond 53 bits in one, so sums are made
 * elsewhere.
 */
final class BalancesStore implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Those of an account that was never configured. */
    private static final String INITIAL_SETTINGS = new StoredAccountSettings(Overdraft.NONE, Map.of(), false).json();

    /**
     * KEYS: the position, who wrote it, then an account for each balance. ARGV: the assets of the balances. Gives the position,
     * who wrote it, then three numbers for each balance.
     */
    private static final String READ = """
            local found = {redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or ''}
            for k = 3, #KEYS do
              local asset = ARGV[k - 2]
              local fields = redis.call('HMGET', KEYS[k], '%s' .. asset, '%s' .. asset, '%s' .. asset)
              for i = 1, 3 do found[#found + 1] = fields[i] or '0' end
            end
            return found
            """.formatted(Sum.INPUT.before(), Sum.OUTPUT.before(), Sum.HELD.before());

    /**
     * KEYS: the position, who wrote it, how many accounts there are, then the accounts. ARGV: the position and the writer that
     * are known, the new ones, the channel of notices or nothing, whether accounts are counted; then for each account the
     * settings that it has if it has had neither settings nor metadata, or nothing; the number of its fields, and the fields
     * with their values. They are set a thousand at a time, as Lua cannot pass on more than a few thousand values at once. What
     * is there before a ledger's first event was not made by it, and does not count.
     */
    private static final String WRITE = """
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
            local counted = ARGV[6] == '1'
            local made = 0
            local a = 7
            for k = 4, #KEYS do
              if counted and redis.call('EXISTS', KEYS[k]) == 0 then made = made + 1 end
              local initial = ARGV[a]
              local configured = initial == '' or redis.call('HEXISTS', KEYS[k], '%s') == 1
              a = a + 1
              local n = tonumber(ARGV[a]) * 2
              for first = a + 1, a + n, 2000 do
                redis.call('HSET', KEYS[k], unpack(ARGV, first, math.min(first + 1999, a + n)))
              end
              if not configured then redis.call('HSETNX', KEYS[k], '%s', initial) end
              a = a + n + 1
            end
            if counted and ARGV[1] == '' then redis.call('SET', KEYS[3], made)
            elseif made > 0 then redis.call('INCRBY', KEYS[3], made) end
            redis.call('SET', KEYS[1], ARGV[3])
            if ARGV[2] ~= ARGV[4] then redis.call('SET', KEYS[2], ARGV[4]) end
            if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], ARGV[3]) end
            return 1
            """.formatted(AccountFields.METADATA, AccountFields.SETTINGS);

    private final RedisClient client;
    private final BalanceKeys keys;
    private final boolean counts;
    private final boolean notices;

    /** What this one calls itself as a writer. */
    private final String self = UUID.randomUUID().toString();

    private @Nullable StatefulRedisConnection<String, String> connection;

    /**
     * @param counts whether accounts are counted as they are made
     * @param notices whether those who listen are told how far a ledger has come
     */
    BalancesStore(RedisClient client, BalanceKeys keys, boolean counts, boolean notices) {
        this.client = client;
        this.keys = keys;
        this.counts = counts;
        this.notices = notices;
    }

    /** Does nothing if it is connected. */
    void connect() {
        if (connection == null) {
            connection = client.connect();
        }
    }

    private RedisAsyncCommands<String, String> redis() {
        if (connection == null) {
            throw new IllegalStateException("not prepared");
        }
        return connection.async();
    }

    private <T> T pipelined(Supplier<T> commands) {
        StatefulRedisConnection<String, String> pipeline = connection;
        pipeline.setAutoFlushCommands(false);
        try {
            T answers = commands.get();
            pipeline.flushCommands();
            return answers;
        } finally {
            pipeline.setAutoFlushCommands(true);
        }
    }

    /**
     * Waits for an answer.
     *
     * @throws TimeoutException if there is none within 10 seconds
     */
    static <T> T get(RedisFuture<T> answer) throws Exception {
        if (!answer.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("Redis did not answer within " + TIMEOUT);
        }
        return answer.get();
    }

    /** Where ledgers are. */
    Map<LedgerId, Place> places(Collection<LedgerId> ledgers) throws Exception {
        RedisAsyncCommands<String, String> redis = redis();
        Map<LedgerId, RedisFuture<List<KeyValue<String, String>>>> asked = pipelined(() -> {
            Map<LedgerId, RedisFuture<List<KeyValue<String, String>>>> places = new LinkedHashMap<>();
            ledgers.forEach(ledger -> places.put(ledger, redis.mget(keys.position(ledger), keys.writer(ledger))));
            return places;
        });
        Map<LedgerId, Place> found = new HashMap<>();
        for (var entry : asked.entrySet()) {
            List<KeyValue<String, String>> place = get(entry.getValue());
            found.put(
                    entry.getKey(),
                    new Place(place.get(0).getValueOrElse(""), place.get(1).getValueOrElse("")));
        }
        return found;
    }

    /**
     * Finds what there is of balances.
     *
     * @param wanted by ledger
     * @param before where the ledgers were
     * @param funds gets what there is
     * @return false if a ledger is somewhere else meanwhile
     */
    boolean find(Map<LedgerId, Set<BalanceKey>> wanted, Map<LedgerId, Place> before, Map<BalanceKey, Funds> funds)
            throws Exception {
        RedisAsyncCommands<String, String> redis = redis();
        Map<LedgerId, RedisFuture<List<String>>> asked = pipelined(() -> {
            Map<LedgerId, RedisFuture<List<String>>> answers = new LinkedHashMap<>();
            wanted.forEach((ledger, touched) -> answers.put(ledger, read(redis, ledger, touched)));
            return answers;
        });
        boolean same = true;
        for (var entry : asked.entrySet()) {
            Iterator<String> found = get(entry.getValue()).iterator();
            same &= new Place(found.next(), found.next()).equals(before.get(entry.getKey()));
            for (BalanceKey key : wanted.get(entry.getKey())) {
                funds.put(key, Funds.of(found.next(), found.next(), found.next()));
            }
        }
        return same;
    }

    private RedisFuture<List<String>> read(
            RedisAsyncCommands<String, String> redis, LedgerId ledger, Set<BalanceKey> balances) {
        List<String> read = new ArrayList<>(List.of(keys.position(ledger), keys.writer(ledger)));
        balances.forEach(key -> read.add(keys.account(ledger, key.account())));
        return redis.eval(
                READ,
                ScriptOutputType.MULTI,
                read.toArray(String[]::new),
                balances.stream().map(key -> key.asset().name()).toArray(String[]::new));
    }

    /**
     * Writes what a batch changes, each ledger at once.
     *
     * @param before where the ledgers were
     * @return false if a ledger is somewhere else meanwhile; that one is as it was
     */
    boolean write(Collection<Change> changes, Map<LedgerId, Place> before) throws Exception {
        RedisAsyncCommands<String, String> redis = redis();
        List<RedisFuture<Long>> answers = pipelined(() -> changes.stream()
                .map(change -> write(redis, change, before.get(change.ledger())))
                .toList());
        boolean all = true;
        for (RedisFuture<Long> answer : answers) {
            all &= get(answer) == 1;
        }
        return all;
    }

    private RedisFuture<Long> write(RedisAsyncCommands<String, String> redis, Change change, Place before) {
        LedgerId ledger = change.ledger();
        Place after = after(change);
        List<String> touched = new ArrayList<>(List.of(keys.position(ledger), keys.writer(ledger), keys.count(ledger)));
        List<String> arguments = new ArrayList<>(List.of(
                before.position(),
                before.writer(),
                after.position(),
                after.writer(),
                notices ? BalanceKeys.notices(ledger) : "",
                counts ? "1" : ""));
        change.accounts().forEach((account, fields) -> {
            touched.add(keys.account(ledger, account));
            arguments.add(settingsAreUnknown(account, fields) ? INITIAL_SETTINGS : "");
            arguments.add(Integer.toString(fields.size()));
            fields.forEach((field, value) -> {
                arguments.add(field);
                arguments.add(value);
            });
        });
        return redis.eval(
                WRITE, ScriptOutputType.INTEGER, touched.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    private static boolean settingsAreUnknown(AccountAddress account, Map<String, String> fields) {
        return fields.containsKey(AccountFields.METADATA)
                && !fields.containsKey(AccountFields.SETTINGS)
                && !account.isWorld();
    }

    /** Where a ledger is when what changes is written here. */
    Place after(Change change) {
        return new Place(Long.toString(change.reached()), self);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
