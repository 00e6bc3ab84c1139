package io.daybook.query.store;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis, read. When it is down or slow it is not there, for a while at least; nobody waits for it. */
final class Redis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);

    private final RedisClient client;
    private final RedisURI uri;
    private final Rest rest;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;

    /**
     * @param uri with how long a query waits for an answer
     * @param rest for how long it is not asked after it has failed
     */
    Redis(RedisClient client, RedisURI uri, Duration rest) {
        this.client = client;
        this.uri = uri;
        this.rest = new Rest(rest);
    }

    /** The answer, which is never null; empty if Redis cannot be read. */
    <T> Optional<T> ask(Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> question) {
        if (!rest.isOver()) {
            return Optional.empty();
        }
        try {
            StatefulRedisConnection<String, String> redis = connected();
            return redis == null
                    ? Optional.empty()
                    : Optional.of(question.apply(redis.async())
                            .toCompletableFuture()
                            .get(uri.getTimeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("Redis cannot be read; it is done without for now: {}", e.toString());
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
