package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.projections.projection.Turnover;
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
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
 * Posts to Redis. What a batch changes is written ledger by ledger, by a script that first compares how far the ledger is
 * with what was known. What this projection has written itself it need not read again: while nobody else has written, a batch
 * is one round trip, or two if it touches what has not come up for long. Redis cannot add exactly beyond 53 bits in a script,
 * so sums are made here.
 */
final class BalancesProjection implements Projection {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String IN = "in:";
    static final String OUT = "out:";
    static final String HELD = "held:";
    static final String METADATA = "metadata";
    static final String NO_METADATA = "{}";

    /** What an account allows, as JSON: overdraft, limits, and whether it is closed. */
    private static final String SETTINGS = "settings";

    /** Those of an account that was never configured. */
    private static final String INITIAL_SETTINGS =
            JSON.writeValueAsString(new Settings(Overdraft.NONE, Map.of(), false));

    private static final int MAX_LEDGERS = 65_536;
    private static final int MAX_FUNDS = 65_536;

    /**
     * KEYS: the position, who wrote it, then an account for each balance. ARGV: the assets of the balances. Gives the position,
     * who wrote it, then three numbers for each balance.
     */
    private static final String READ = """
            local found = {redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or ''}
            for k = 3, #KEYS do
              local asset = ARGV[k - 2]
              local fields = redis.call('HMGET', KEYS[k], 'in:' .. asset, 'out:' .. asset, 'held:' .. asset)
              for i = 1, 3 do found[#found + 1] = fields[i] or '0' end
            end
            return found
            """;

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
              local configured = initial == '' or redis.call('HEXISTS', KEYS[k], 'metadata') == 1
              a = a + 1
              local n = tonumber(ARGV[a]) * 2
              for first = a + 1, a + n, 2000 do
                redis.call('HSET', KEYS[k], unpack(ARGV, first, math.min(first + 1999, a + n)))
              end
              if not configured then redis.call('HSETNX', KEYS[k], 'settings', initial) end
              a = a + n + 1
            end
            if counted and ARGV[1] == '' then redis.call('SET', KEYS[3], made)
            elseif made > 0 then redis.call('INCRBY', KEYS[3], made) end
            redis.call('SET', KEYS[1], ARGV[3])
            if ARGV[2] ~= ARGV[4] then redis.call('SET', KEYS[2], ARGV[4]) end
            if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], ARGV[3]) end
            return 1
            """;

    private record Settings(Overdraft overdraft, Map<Asset, BalanceLimits> limits, boolean closed) {}

    /**
     * How far a ledger is.
     *
     * @param position the sequence of its last event, or nothing
     * @param writer who posted it, or nothing: another may have begun anew and come as far
     */
    private record Place(String position, String writer) {

        long sequence() {
            return position.isEmpty() ? 0 : Long.parseLong(position);
        }
    }

    private final RedisClient client;
    private final BalanceKeys keys;
    private final boolean counts;
    private final boolean notices;

    /** What this one calls itself as a writer. */
    private final String self = UUID.randomUUID().toString();

    /** The ledgers that it has written last, and what it knows of them since. */
    private final Map<LedgerId, Place> places = new HashMap<>();

    private final Recent<BalanceKey, Funds> known = new Recent<>(MAX_FUNDS);

    private @Nullable StatefulRedisConnection<String, String> connection;

    /**
     * @param counts whether accounts are counted as they are made
     * @param notices whether those who listen are told how far a ledger has come
     */
    BalancesProjection(RedisClient client, BalanceKeys keys, boolean counts, boolean notices) {
        this.client = client;
        this.keys = keys;
        this.counts = counts;
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
        RedisAsyncCommands<String, String> redis = redis();
        Map<LedgerId, Place> before = places(redis, Positions.ledgersOf(events));
        Map<LedgerId, Long> positions = new HashMap<>();
        before.forEach((ledger, place) -> positions.put(ledger, place.sequence()));
        List<PublishedEvent> unseen = Positions.newOf(events, positions);
        Map<BalanceKey, Funds> funds = new HashMap<>();
        if (!findFunds(redis, unseen, before, funds)) {
            return false;
        }
        Map<LedgerId, Change> changes = changes(unseen, funds);
        if (!write(redis, changes.values(), before)) {
            return false;
        }
        changes.forEach((ledger, change) -> places.put(ledger, new Place(Long.toString(change.reached), self)));
        known.putAll(funds);
        return true;
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

    static <T> T get(RedisFuture<T> answer) throws Exception {
        if (!answer.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("Redis did not answer within " + TIMEOUT);
        }
        return answer.get();
    }

    private Map<LedgerId, Place> places(RedisAsyncCommands<String, String> redis, Set<LedgerId> ledgers)
            throws Exception {
        Map<LedgerId, Place> found = new HashMap<>();
        Map<LedgerId, RedisFuture<List<KeyValue<String, String>>>> asked = new LinkedHashMap<>();
        pipelined(() -> {
            for (LedgerId ledger : ledgers) {
                Place place = places.get(ledger);
                if (place == null) {
                    asked.put(ledger, redis.mget(keys.position(ledger), keys.writer(ledger)));
                } else {
                    found.put(ledger, place);
                }
            }
            return asked;
        });
        for (var entry : asked.entrySet()) {
            List<KeyValue<String, String>> place = get(entry.getValue());
            found.put(
                    entry.getKey(),
                    new Place(place.get(0).getValueOrElse(""), place.get(1).getValueOrElse("")));
        }
        return found;
    }

    /**
     * Finds what there is of all that the events touch.
     *
     * @return false if a ledger is somewhere else meanwhile
     */
    private boolean findFunds(
            RedisAsyncCommands<String, String> redis,
            List<PublishedEvent> events,
            Map<LedgerId, Place> before,
            Map<BalanceKey, Funds> funds)
            throws Exception {
        Map<LedgerId, Set<BalanceKey>> unknown = new LinkedHashMap<>();
        events.forEach(event -> touchedBy(event).forEach(key -> {
            Funds all = known.get(key);
            if (all == null) {
                unknown.computeIfAbsent(key.ledger(), ledger -> new LinkedHashSet<>())
                        .add(key);
            } else {
                funds.put(key, all);
            }
        }));
        Map<LedgerId, RedisFuture<List<String>>> asked = new LinkedHashMap<>();
        pipelined(() -> {
            unknown.forEach((ledger, touched) -> asked.put(ledger, read(redis, ledger, touched)));
            return asked;
        });
        boolean same = true;
        for (var entry : asked.entrySet()) {
            Iterator<String> found = get(entry.getValue()).iterator();
            same &= new Place(found.next(), found.next()).equals(before.get(entry.getKey()));
            for (BalanceKey key : unknown.get(entry.getKey())) {
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

    private Map<LedgerId, Change> changes(List<PublishedEvent> events, Map<BalanceKey, Funds> funds) {
        Map<LedgerId, Change> changes = new LinkedHashMap<>();
        for (PublishedEvent event : events) {
            Change change = changes.computeIfAbsent(event.ledger(), ledger -> new Change(ledger, funds));
            change.reached = event.sequence();
            switch (event.event()) {
                case LedgerOpened opened -> {
                    if (counts) {
                        // It exists, and is counted, whether anything moves or not.
                        change.metadata(AccountAddress.WORLD, Map.of());
                    }
                }
                case AccountConfigured configured -> change.configure(configured);
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

    private boolean write(
            RedisAsyncCommands<String, String> redis, Collection<Change> changes, Map<LedgerId, Place> before)
            throws Exception {
        List<RedisFuture<Long>> answers = pipelined(() -> changes.stream()
                .map(change -> write(redis, change, before.get(change.ledger)))
                .toList());
        boolean all = true;
        for (RedisFuture<Long> answer : answers) {
            all &= get(answer) == 1;
        }
        return all;
    }

    private RedisFuture<Long> write(RedisAsyncCommands<String, String> redis, Change change, Place before) {
        List<String> touched = new ArrayList<>(
                List.of(keys.position(change.ledger), keys.writer(change.ledger), keys.count(change.ledger)));
        List<String> arguments = new ArrayList<>(List.of(
                before.position(),
                before.writer(),
                Long.toString(change.reached),
                self,
                notices ? BalanceKeys.notices(change.ledger) : "",
                counts ? "1" : ""));
        change.accounts.forEach((account, fields) -> {
            touched.add(keys.account(change.ledger, account));
            boolean settingsAreUnknown =
                    fields.containsKey(METADATA) && !fields.containsKey(SETTINGS) && !account.isWorld();
            arguments.add(settingsAreUnknown ? INITIAL_SETTINGS : "");
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
        private final Map<BalanceKey, Funds> funds;
        private final Map<AccountAddress, Map<String, String>> accounts = new LinkedHashMap<>();
        private long reached;

        /**
         * @param funds what there is, moved on by each change
         */
        Change(LedgerId ledger, Map<BalanceKey, Funds> funds) {
            this.ledger = ledger;
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

        void configure(AccountConfigured account) {
            Settings settings = new Settings(account.overdraft(), account.limits(), account.closed());
            fields(account.account()).put(SETTINGS, JSON.writeValueAsString(settings));
            metadata(account.account(), account.metadata());
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
