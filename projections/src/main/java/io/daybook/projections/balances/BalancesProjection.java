package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts to Redis. Two round trips a batch: one reads the positions and the touched balances, one writes what they are then,
 * ledger by ledger, by a script that first compares the position with what was read. Redis cannot add exactly beyond 53
 * bits in a script, so sums are made here.
 */
final class BalancesProjection implements Projection, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String IN = "in:";
    private static final String OUT = "out:";

    /**
     * KEYS: the position, then the accounts. ARGV: the position that was read, the new one, the channel of notices; then for
     * each account the number of its fields, and the fields with their values.
     */
    private static final String WRITE = """
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            local a = 4
            for k = 2, #KEYS do
              local n = tonumber(ARGV[a]) * 2
              if n > 0 then redis.call('HSET', KEYS[k], unpack(ARGV, a + 1, a + n)) end
              a = a + n + 1
            end
            redis.call('SET', KEYS[1], ARGV[2])
            redis.call('PUBLISH', ARGV[3], ARGV[2])
            return 1
            """;

    private final RedisClient client;
    private @Nullable StatefulRedisConnection<String, String> connection;

    BalancesProjection(RedisClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "balances";
    }

    @Override
    public void prepare() {
        if (connection == null) {
            connection = client.connect();
        }
    }

    @Override
    public void apply(List<PublishedEvent> events) throws Exception {
        RedisAsyncCommands<String, String> redis = redis();
        List<PublishedEvent> unseen = Positions.newOf(events, positions(redis, Positions.ledgersOf(events)));
        if (unseen.isEmpty()) {
            return;
        }
        Map<LedgerId, Change> changes = changes(unseen, turnovers(redis, unseen));
        List<RedisFuture<Long>> written = pipelined(() ->
                changes.values().stream().map(change -> change.write(redis)).toList());
        for (RedisFuture<Long> answer : written) {
            if (get(answer) != 1) {
                throw new IllegalStateException("somebody else has posted to these balances meanwhile");
            }
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

    private static <T> T get(RedisFuture<T> answer) throws Exception {
        if (!answer.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("Redis did not answer within " + TIMEOUT);
        }
        return answer.get();
    }

    private Map<LedgerId, Long> positions(RedisAsyncCommands<String, String> redis, Set<LedgerId> ledgers)
            throws Exception {
        Map<LedgerId, RedisFuture<String>> asked = new LinkedHashMap<>();
        pipelined(() -> {
            ledgers.forEach(ledger -> asked.put(ledger, redis.get(positionKey(ledger))));
            return asked;
        });
        Map<LedgerId, Long> positions = new HashMap<>();
        for (var entry : asked.entrySet()) {
            String position = get(entry.getValue());
            if (position != null) {
                positions.put(entry.getKey(), Long.valueOf(position));
            }
        }
        return positions;
    }

    private Map<BalanceKey, Turnover> turnovers(RedisAsyncCommands<String, String> redis, List<PublishedEvent> events)
            throws Exception {
        Map<BalanceKey, RedisFuture<List<KeyValue<String, String>>>> asked = new LinkedHashMap<>();
        pipelined(() -> {
            for (PublishedEvent event : events) {
                if (event.event() instanceof TransactionPosted posted) {
                    for (Posting posting : posted.postings()) {
                        ask(redis, asked, new BalanceKey(event.ledger(), posting.source(), posting.asset()));
                        ask(redis, asked, new BalanceKey(event.ledger(), posting.destination(), posting.asset()));
                    }
                }
            }
            return asked;
        });
        Map<BalanceKey, Turnover> turnovers = new HashMap<>();
        for (var entry : asked.entrySet()) {
            List<KeyValue<String, String>> fields = get(entry.getValue());
            turnovers.put(
                    entry.getKey(),
                    new Turnover(
                            new BigInteger(fields.get(0).getValueOrElse("0")),
                            new BigInteger(fields.get(1).getValueOrElse("0"))));
        }
        return turnovers;
    }

    private static void ask(
            RedisAsyncCommands<String, String> redis,
            Map<BalanceKey, RedisFuture<List<KeyValue<String, String>>>> asked,
            BalanceKey key) {
        asked.computeIfAbsent(
                key,
                k -> redis.hmget(
                        accountKey(k.ledger(), k.account()),
                        IN + k.asset().name(),
                        OUT + k.asset().name()));
    }

    private static Map<LedgerId, Change> changes(List<PublishedEvent> events, Map<BalanceKey, Turnover> turnovers) {
        Map<LedgerId, Change> changes = new LinkedHashMap<>();
        for (PublishedEvent event : events) {
            Change change = changes.computeIfAbsent(event.ledger(), ledger -> new Change(ledger, event.sequence() - 1));
            change.reached = event.sequence();
            switch (event.event()) {
                case LedgerOpened opened -> change.touch(AccountAddress.WORLD);
                case AccountConfigured configured ->
                    change.set(configured.account(), "metadata", JSON.writeValueAsString(configured.metadata()));
                case TransactionPosted posted ->
                    posted.postings().forEach(posting -> {
                        change.set(turnovers, posting.source(), posting.asset(), posting, false);
                        change.set(turnovers, posting.destination(), posting.asset(), posting, true);
                    });
            }
        }
        return changes;
    }

    private static String positionKey(LedgerId ledger) {
        return "daybook:{" + ledger + "}:sequence";
    }

    private static String accountKey(LedgerId ledger, AccountAddress account) {
        return "daybook:{" + ledger + "}:account:" + account;
    }

    /** What a batch changes in one ledger. */
    private static final class Change {
        private final LedgerId ledger;
        private final long before;
        private final Map<AccountAddress, Map<String, String>> accounts = new LinkedHashMap<>();
        private long reached;

        Change(LedgerId ledger, long before) {
            this.ledger = ledger;
            this.before = before;
        }

        void touch(AccountAddress account) {
            accounts.computeIfAbsent(account, a -> new LinkedHashMap<>());
        }

        void set(AccountAddress account, String field, String value) {
            accounts.computeIfAbsent(account, a -> new LinkedHashMap<>()).put(field, value);
        }

        void set(
                Map<BalanceKey, Turnover> turnovers,
                AccountAddress account,
                Asset asset,
                Posting posting,
                boolean takes) {
            Turnover after = turnovers.compute(
                    new BalanceKey(ledger, account, asset),
                    (key, turnover) -> takes ? turnover.in(posting.amount()) : turnover.out(posting.amount()));
            set(account, IN + asset.name(), after.input().toString());
            set(account, OUT + asset.name(), after.output().toString());
        }

        RedisFuture<Long> write(RedisAsyncCommands<String, String> redis) {
            List<String> keys = new ArrayList<>(List.of(positionKey(ledger)));
            List<String> arguments = new ArrayList<>(List.of(
                    before == 0 ? "" : Long.toString(before),
                    Long.toString(reached),
                    "daybook:{" + ledger + "}:notices"));
            accounts.forEach((account, fields) -> {
                keys.add(accountKey(ledger, account));
                arguments.add(Integer.toString(fields.size()));
                fields.forEach((field, value) -> {
                    arguments.add(field);
                    arguments.add(value);
                });
            });
            return redis.eval(
                    WRITE, ScriptOutputType.INTEGER, keys.toArray(String[]::new), arguments.toArray(String[]::new));
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
