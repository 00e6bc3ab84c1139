package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts to Redis. Two round trips a batch: one reads the positions and the touched balances, one writes what they are then,
 * ledger by ledger, by a script that first compares the position with what was read. Redis cannot add exactly beyond 53
 * bits in a script, so sums are made here.
 */
final class BalancesProjection implements Projection {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String IN = "in:";
    static final String OUT = "out:";
    static final String HELD = "held:";
    private static final String METADATA = "metadata";

    /**
     * KEYS: the position, then the accounts. ARGV: the position that was read, the new one, the channel of notices or nothing; then for
     * each account the number of its fields, and the fields with their values. They are set a thousand at a time, as Lua
     * cannot pass on more than a few thousand values at once.
     */
    private static final String WRITE = """
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            local a = 4
            for k = 2, #KEYS do
              local n = tonumber(ARGV[a]) * 2
              for first = a + 1, a + n, 2000 do
                redis.call('HSET', KEYS[k], unpack(ARGV, first, math.min(first + 1999, a + n)))
              end
              a = a + n + 1
            end
            redis.call('SET', KEYS[1], ARGV[2])
            if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[2]) end
            return 1
            """;

    private final RedisClient client;
    private final BalanceKeys keys;

    private final boolean notices;

    private @Nullable StatefulRedisConnection<String, String> connection;

    /**
     * @param notices whether those who listen are told how far a ledger has come
     */
    BalancesProjection(RedisClient client, BalanceKeys keys, boolean notices) {
        this.client = client;
        this.keys = keys;
        this.notices = notices;
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
        Map<LedgerId, Change> changes = changes(unseen, funds(redis, unseen));
        List<RedisFuture<Long>> written = pipelined(() ->
                changes.values().stream().map(change -> write(redis, change)).toList());
        for (RedisFuture<Long> answer : written) {
            if (get(answer) != 1) {
                throw new ConcurrentModificationException("somebody else has posted to these balances meanwhile");
            }
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
            ledgers.forEach(ledger -> asked.put(ledger, redis.get(keys.position(ledger))));
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

    private Map<BalanceKey, Funds> funds(RedisAsyncCommands<String, String> redis, List<PublishedEvent> events)
            throws Exception {
        Map<BalanceKey, RedisFuture<List<KeyValue<String, String>>>> asked = new LinkedHashMap<>();
        pipelined(() -> {
            events.forEach(event -> touchedBy(event).forEach(key -> asked.computeIfAbsent(key, k -> ask(redis, k))));
            return asked;
        });
        Map<BalanceKey, Funds> funds = new HashMap<>();
        for (var entry : asked.entrySet()) {
            List<KeyValue<String, String>> fields = get(entry.getValue());
            funds.put(
                    entry.getKey(),
                    Funds.of(
                            fields.get(0).getValueOrElse("0"),
                            fields.get(1).getValueOrElse("0"),
                            fields.get(2).getValueOrElse("0")));
        }
        return funds;
    }

    private RedisFuture<List<KeyValue<String, String>>> ask(RedisAsyncCommands<String, String> redis, BalanceKey key) {
        String asset = key.asset().name();
        return redis.hmget(keys.account(key.ledger(), key.account()), IN + asset, OUT + asset, HELD + asset);
    }

    /** The balances that an event changes. What a capture takes from its hold is held where its money comes from. */
    private static Stream<BalanceKey> touchedBy(PublishedEvent event) {
        LedgerId ledger = event.ledger();
        return switch (event.event()) {
            case Transaction transaction ->
                transaction.postings().stream()
                        .flatMap(posting -> Stream.of(
                                new BalanceKey(ledger, posting.source(), posting.asset()),
                                new BalanceKey(ledger, posting.destination(), posting.asset())));
            case HoldPlaced hold -> Stream.of(new BalanceKey(ledger, hold.source(), hold.asset()));
            case HoldReleased hold -> Stream.of(new BalanceKey(ledger, hold.source(), hold.asset()));
            case LedgerOpened opened -> Stream.empty();
            case AccountConfigured configured -> Stream.empty();
            case MetadataChanged changed -> Stream.empty();
        };
    }

    private static Map<LedgerId, Change> changes(List<PublishedEvent> events, Map<BalanceKey, Funds> funds) {
        Map<LedgerId, Change> changes = new LinkedHashMap<>();
        for (PublishedEvent event : events) {
            Change change =
                    changes.computeIfAbsent(event.ledger(), ledger -> new Change(ledger, event.sequence() - 1, funds));
            change.reached = event.sequence();
            switch (event.event()) {
                case LedgerOpened opened -> {} // world exists without being written
                case AccountConfigured configured -> change.metadata(configured.account(), configured.metadata());
                case Transaction transaction -> change.post(transaction);
                case HoldPlaced hold -> change.hold(hold.source(), hold.asset(), all -> all.hold(hold.amount()));
                case HoldReleased hold -> change.hold(hold.source(), hold.asset(), all -> all.release(hold.amount()));
                case MetadataChanged changed -> {
                    if (changed.account() != null) {
                        change.metadata(changed.account(), changed.metadata());
                    }
                }
            }
        }
        return changes;
    }

    private RedisFuture<Long> write(RedisAsyncCommands<String, String> redis, Change change) {
        List<String> touched = new ArrayList<>(List.of(keys.position(change.ledger)));
        List<String> arguments = new ArrayList<>(List.of(
                change.before == 0 ? "" : Long.toString(change.before),
                Long.toString(change.reached),
                notices ? BalanceKeys.notices(change.ledger) : ""));
        change.accounts.forEach((account, fields) -> {
            touched.add(keys.account(change.ledger, account));
            arguments.add(Integer.toString(fields.size()));
            fields.forEach((field, value) -> {
                arguments.add(field);
                arguments.add(value);
            });
        });
        return redis.eval(
                WRITE, ScriptOutputType.INTEGER, touched.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    /** What a batch changes in one ledger. */
    private static final class Change {
        private final LedgerId ledger;
        private final long before;
        private final Map<BalanceKey, Funds> funds;
        private final Map<AccountAddress, Map<String, String>> accounts = new LinkedHashMap<>();
        private long reached;

        /**
         * @param before the position that was read
         * @param funds what there is, moved on by each change
         */
        Change(LedgerId ledger, long before, Map<BalanceKey, Funds> funds) {
            this.ledger = ledger;
            this.before = before;
            this.funds = funds;
        }

        void post(Transaction transaction) {
            for (Posting posting : transaction.postings()) {
                move(posting.source(), posting.asset(), all -> all.out(posting.amount()));
                move(posting.destination(), posting.asset(), all -> all.in(posting.amount()));
            }
            if (transaction instanceof HoldCaptured capture) {
                Posting taken = capture.postings().getFirst();
                hold(taken.source(), taken.asset(), all -> all.release(capture.taken()));
            }
        }

        void move(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
            Turnover after = after(account, asset, step).turnover();
            Map<String, String> fields = fields(account);
            fields.put(IN + asset.name(), after.input().toString());
            fields.put(OUT + asset.name(), after.output().toString());
        }

        void hold(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
            fields(account)
                    .put(HELD + asset.name(), after(account, asset, step).held().toString());
        }

        void metadata(AccountAddress account, Map<String, String> metadata) {
            fields(account).put(METADATA, JSON.writeValueAsString(metadata));
        }

        private Funds after(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
            Funds after = step.apply(funds.get(new BalanceKey(ledger, account, asset)));
            funds.put(new BalanceKey(ledger, account, asset), after);
            return after;
        }

        private Map<String, String> fields(AccountAddress account) {
            return accounts.computeIfAbsent(account, a -> new LinkedHashMap<>());
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
