package io.daybook.query.store;

import io.daybook.http.ProblemException;
import io.daybook.query.request.Json;
import io.daybook.stores.redis.OutcomeKeys;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** The outcomes of asynchronous commands in Redis, where the command side leaves each for 24 hours. */
public final class CommandOutcomes {

    private final Redis redis;

    CommandOutcomes(Redis redis) {
        this.redis = redis;
    }

    /**
     * What has become of a command; empty if it is not known, or not any more.
     *
     * @throws ProblemException {@code unavailable}
     */
    public Optional<Json> of(UUID command) {
        return redis.ask(commands -> commands.mget(OutcomeKeys.of(command)))
                .orElseThrow(() -> Unavailable.because(
                        "The outcomes of commands", new IOException("Redis cannot be read at the moment")))
                .getFirst()
                .map(Json::new)
                .optional();
    }
}
