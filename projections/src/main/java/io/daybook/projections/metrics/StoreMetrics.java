package io.daybook.projections.metrics;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How large the stores are that projections post to. Each is asked once a minute, in the background; while it does not
 * answer, its size is not a number.
 */
final class StoreMetrics implements MeterBinder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreMetrics.class);
    private static final String USED_MEMORY = "used_memory:";

    private final Map<String, Callable<? extends Number>> sizes;
    private final Duration interval;
    private final Map<String, Double> bytes = new ConcurrentHashMap<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("store-metrics").daemon().factory());

    /**
     * @param indices what all indices of this installation match
     */
    StoreMetrics(JdbcTemplate books, RedisClient redis, Rest5Client elasticsearch, String indices, Duration interval) {
        this.interval = interval;
        sizes = Map.of(
                "books", () -> books.queryForObject("select pg_database_size(current_database())", Long.class),
                "redis", () -> memory(redis),
                "elasticsearch", () -> size(elasticsearch, indices));
    }

    private static long memory(RedisClient redis) {
        try (StatefulRedisConnection<String, String> connection = redis.connect()) {
            return connection
                    .sync()
                    .info("memory")
                    .lines()
                    .filter(line -> line.startsWith(USED_MEMORY))
                    .mapToLong(line -> Long.parseLong(line.substring(USED_MEMORY.length())))
                    .sum();
        }
    }

    private static long size(Rest5Client elasticsearch, String indices) throws IOException {
        Request request = new Request("GET", "/" + indices + "/_stats/store");
        try (InputStream answer =
                elasticsearch.performRequest(request).getEntity().getContent()) {
            JsonNode stats = JsonMapper.shared().readTree(answer);
            return stats.at("/_all/total/store/size_in_bytes").asLong();
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sizes.forEach((store, size) -> {
            Gauge.builder("daybook.store", () -> bytes.getOrDefault(store, Double.NaN))
                    .baseUnit("bytes")
                    .description("What a store takes on disk, or in memory if it has no disk")
                    .tag("store", store)
                    .register(registry);
            executor.scheduleWithFixedDelay(() -> look(store, size), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private void look(String store, Callable<? extends Number> size) {
        try {
            bytes.put(store, size.call().doubleValue());
        } catch (Exception e) {
            LOG.debug("the size of {} is not known now", store, e);
            bytes.remove(store);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
