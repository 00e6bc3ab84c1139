package io.daybook.query.settings;

import static io.daybook.settings.Limits.within;

import io.daybook.settings.DatabaseProperties;
import io.daybook.settings.ElasticsearchProperties;
import io.daybook.settings.KafkaProperties;
import io.daybook.settings.RedisProperties;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** All that an operator may set of the query side, beside what every process has. What is wrong stops the start. */
@ConfigurationProperties("daybook")
public record QuerySideProperties(
        @DefaultValue Books books,
        @DefaultValue KafkaProperties kafka,
        @DefaultValue RedisProperties redis,
        @DefaultValue ElasticsearchProperties elasticsearch,
        @DefaultValue Queries queries,
        @DefaultValue Stream stream) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TENTH = Duration.ofMillis(100);

    /**
     * {@code daybook.books.*}: the database of the books.
     *
     * @param jdbcUrl of its primary, which is asked what no replica has
     * @param username of both
     * @param password of both
     * @param replicaJdbcUrls of its hot standbys, which are asked first, in turns
     */
    public record Books(
            @DefaultValue("") String jdbcUrl,
            @DefaultValue("") String username,
            @DefaultValue("") String password,
            @DefaultValue List<String> replicaJdbcUrls) {

        public Books {
            new DatabaseProperties(jdbcUrl, username, password).require("daybook.books");
            replicaJdbcUrls = List.copyOf(replicaJdbcUrls);
        }
    }

    /**
     * {@code daybook.queries.*}: how the stores are asked.
     *
     * @param poolSize connections to each server that has the books, 1 to 1,000
     * @param turnTimeout how long a query waits for its turn when all of them are busy, 100 ms to 1 min: much longer than for a
     *     server that is down
     * @param connectionTimeout how long it waits to be connected before it goes elsewhere, 250 ms to 1 min
     * @param statementTimeout how long a statement may take, 100 ms to 10 min
     * @param redisTimeout how long it waits for Redis before the books are asked, 10 ms to 1 min
     * @param redisQueue queries that wait for an answer of Redis, 1 to 1,000,000; more are answered by the books
     * @param elasticsearchConnectTimeout how long it waits to be connected to Elasticsearch, 10 ms to 1 min
     * @param elasticsearchTimeout how long it waits for an answer of it, 100 ms to 10 min
     * @param rest for how long a store that failed is not asked, 0 to 10 min
     */
    public record Queries(
            @DefaultValue("8") int poolSize,
            @DefaultValue("2s") Duration turnTimeout,
            @DefaultValue("500ms") Duration connectionTimeout,
            @DefaultValue("5s") Duration statementTimeout,
            @DefaultValue("250ms") Duration redisTimeout,
            @DefaultValue("10000") int redisQueue,
            @DefaultValue("1s") Duration elasticsearchConnectTimeout,
            @DefaultValue("5s") Duration elasticsearchTimeout,
            @DefaultValue("1s") Duration rest) {

        public Queries {
            within("daybook.queries.pool-size", poolSize, 1, 1_000);
            within("daybook.queries.turn-timeout", turnTimeout, TENTH, MINUTE);
            within("daybook.queries.connection-timeout", connectionTimeout, Duration.ofMillis(250), MINUTE);
            within("daybook.queries.statement-timeout", statementTimeout, TENTH, MINUTE.multipliedBy(10));
            within("daybook.queries.redis-timeout", redisTimeout, Duration.ofMillis(10), MINUTE);
            within("daybook.queries.redis-queue", redisQueue, 1, 1_000_000);
            within(
                    "daybook.queries.elasticsearch-connect-timeout",
                    elasticsearchConnectTimeout,
                    Duration.ofMillis(10),
                    MINUTE);
            within("daybook.queries.elasticsearch-timeout", elasticsearchTimeout, TENTH, MINUTE.multipliedBy(10));
            within("daybook.queries.rest", rest, Duration.ZERO, MINUTE.multipliedBy(10));
        }
    }

    /**
     * {@code daybook.stream.*}: live streams.
     *
     * @param heartbeat how often a silent stream shows that it is alive, 10 ms to 10 min: sooner than a proxy on the way gives up
     * @param maxListeners the most listeners of a node, 1 to 1,000,000. {@code server.tomcat.max-connections} has to be larger by
     *     what other requests need
     * @param readers connections that read the books for them at the same time, 1 to 1,000
     */
    public record Stream(
            @DefaultValue("15s") Duration heartbeat,
            @DefaultValue("10000") int maxListeners,
            @DefaultValue("2") int readers) {

        public Stream {
            within("daybook.stream.heartbeat", heartbeat, Duration.ofMillis(10), MINUTE.multipliedBy(10));
            within("daybook.stream.max-listeners", maxListeners, 1, 1_000_000);
            within("daybook.stream.readers", readers, 1, 1_000);
        }
    }
}
