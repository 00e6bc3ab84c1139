package io.daybook.query.store;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Progress;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The balances in Redis. When Redis is down or slow they are not there, for a second at least; nobody waits for them. */
public final class Balances implements AutoCloseable {

    /** How long a query waits for Redis. */
    static final Duration TIMEOUT = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Balances.class);

    /** The position and the account at one moment, in one round trip. */
    private static final String READ_ACCOUNT = "return {redis.call('GET', KEYS[1]), redis.call('HGETALL', KEYS[2])}";

    /**
     * A ledger's position and one of its accounts.
     *
     * @param sequence how far the ledger has come, or null if it is not there
     * @param fields of the account's hash; empty if it is not there
     */
    public record StoredAccount(@Nullable Long sequence, Map<String, String> fields) {}

    private final RedisClient client;
    private final RedisURI uri;
    private final Rest rest = new Rest();
    private final ReentrantLock connecting = new ReentrantLock();
    private final Arrivals arrivals = new Arrivals(ledgers ->
            positions(ledgers).orElseThrow(() -> new IllegalStateException("Redis cannot be read at the moment")));
    private volatile @Nullable StatefulRedisConnection<String, String> connection;

    Balances(RedisClient client, RedisURI uri) {
        this.client = client;
        this.uri = uri;
    }

    /** What there is of an account; empty if Redis cannot be read. */
    public Optional<StoredAccount> account(LedgerId ledger, AccountAddress account) {
        return ask(redis -> redis.async()
                        .<List<@Nullable Object>>evalReadOnly(READ_ACCOUNT, ScriptOutputType.MULTI, new String[] {
                            sequenceKey(ledger), accountKey(ledger, account)
                        }))
                .map(Balances::stored);
    }

    /** How far a ledger has come; empty if it is not there or Redis cannot be read. */
    public OptionalLong position(LedgerId ledger) {
        Long position = positions(Set.of(ledger)).orElse(Map.of()).get(ledger);
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** Of these balances. */
    public Progress progress() {
        return arrivals;
    }

    /** How far ledgers have come, without those that are not there; empty if Redis cannot be read. */
    private Optional<Map<LedgerId, Long>> positions(Set<LedgerId> ledgers) {
        List<LedgerId> asked = List.copyOf(ledgers);
        String[] keys = asked.stream().map(Balances::sequenceKey).toArray(String[]::new);
        return ask(redis -> redis.async().mget(keys)).map(values -> {
            Map<LedgerId, Long> positions = new HashMap<>();
            for (int i = 0; i < keys.length; i++) {
                if (values.get(i).hasValue()) {
                    positions.put(asked.get(i), Long.valueOf(values.get(i).getValue()));
                }
            }
            return positions;
        });
    }

    private static StoredAccount stored(List<@Nullable Object> answer) {
        Map<String, String> fields = new TreeMap<>();
        List<?> pairs = (List<?>) answer.get(1);
        for (int i = 0; pairs != null && i + 1 < pairs.size(); i += 2) {
            fields.put((String) pairs.get(i), (String) pairs.get(i + 1));
        }
        String sequence = (String) answer.getFirst();
        return new StoredAccount(sequence == null ? null : Long.valueOf(sequence), fields);
    }

    /** One slot of a cluster has all of a ledger. */
    private static String sequenceKey(LedgerId ledger) {
        return "daybook:{" + ledger + "}:sequence";
    }

    private static String accountKey(LedgerId ledger, AccountAddress account) {
        return "daybook:{" + ledger + "}:account:" + account;
    }

    private <T> Optional<T> ask(Function<StatefulRedisConnection<String, String>, RedisFuture<T>> question) {
        if (!rest.isOver()) {
            return Optional.empty();
        }
        try {
            StatefulRedisConnection<String, String> redis = connected();
            return redis == null
                    ? Optional.empty()
                    : Optional.of(question.apply(redis).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("Redis cannot be read; the books answer instead for now: {}", e.toString());
            rest.begin();
            return Optional.empty();
        }
    }

    /** Null while another query is about to connect. */
    private @Nullable StatefulRedisConnection<String, String> connected() {
        StatefulRedisConnection<String, String> existing = connection;
        if (existing != null || !connecting.tryLock()) {
            return existing;
        }
        try {
            if (connection == null) {
                connection = client.connect(uri);
            }
            return connection;
        } finally {
            connecting.unlock();
        }
    }

    @Override
    public void close() {
        StatefulRedisConnection<String, String> existing = connection;
        if (existing != null) {
            existing.close();
        }
    }
}
