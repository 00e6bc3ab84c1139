package io.daybook.command.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.command.reply.Reply;
import io.daybook.events.LedgerId;
import io.daybook.stores.redis.OutcomeKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the outcomes of asynchronous commands in Redis, where the query side reads them. */
final class AsyncOutcomes implements AutoCloseable {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Outcome(
            UUID id,
            LedgerId ledger,
            String state,
            @Nullable Integer status,
            @Nullable Map<String, String> headers,
            @Nullable Object body) {}

    private final RedisClient redis;
    private final JsonMapper json;
    private final Duration kept;
    private @Nullable StatefulRedisConnection<String, String> connection;

    /**
     * @param kept how long an outcome can be read
     */
    AsyncOutcomes(RedisClient redis, JsonMapper json, Duration kept) {
        this.redis = redis;
        this.json = json;
        this.kept = kept;
    }

    /**
     * Says that the command waits, unless its outcome is there already.
     *
     * @throws io.lettuce.core.RedisException if Redis is away
     */
    void pending(UUID id, LedgerId ledger) {
        Outcome waiting = new Outcome(id, ledger, "pending", null, null, null);
        connection()
                .sync()
                .set(
                        OutcomeKeys.of(id),
                        json.writeValueAsString(waiting),
                        SetArgs.Builder.ex(kept).nx());
    }

    /**
     * @throws io.lettuce.core.RedisException if Redis is away
     */
    void done(UUID id, LedgerId ledger, Reply reply) {
        Outcome outcome = new Outcome(id, ledger, "done", reply.status(), reply.headers(), reply.body());
        connection().sync().set(OutcomeKeys.of(id), json.writeValueAsString(outcome), SetArgs.Builder.ex(kept));
    }

    /** Connects when it is first needed, so that commands are taken while Redis is away. */
    private synchronized StatefulRedisConnection<String, String> connection() {
        if (connection == null) {
            connection = redis.connect();
        }
        return connection;
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
