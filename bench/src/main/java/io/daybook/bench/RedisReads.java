package io.daybook.bench;

import io.daybook.events.LedgerId;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The balance of an account, read from Redis by itself. */
final class RedisReads implements Subject {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private final QueryScenario scenario;
    private final RedisClient client;
    private final List<StatefulRedisConnection<String, String>> connections;
    private final LedgerId ledger;
    private final SplittableRandom seeds = new SplittableRandom(3);

    RedisReads(QueryScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        this.client = RedisClient.create(services.get("daybook.redis.uri"));
        this.connections =
                Stream.generate(client::connect).limit(scenario.clients()).toList();
        this.ledger = AskedLedger.name(services);
    }

    @Override
    public String name() {
        return "HGETALL, " + scenario.clients() + " connections";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        return Loop.threads(duration, connections.stream().map(this::worker).toList());
    }

    private Callable<Integer> worker(StatefulRedisConnection<String, String> connection) {
        SplittableRandom random = seeds.split();
        return () -> {
            String account = scenario.query().next(random, scenario.ledger());
            if (connection.sync().hgetall(KEYS.account(ledger, account)).isEmpty()) {
                throw new IllegalStateException("Redis has nothing of " + account);
            }
            return 1;
        };
    }

    /** Each read has looked at what it got. */
    @Override
    public void verify() {}

    @Override
    public void close() {
        connections.forEach(StatefulRedisConnection::close);
        client.shutdown();
    }
}
