package io.daybook.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.projections.books.BooksProjection;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.services.SharedServices;
import io.daybook.services.SharedServices.Isolated;
import io.daybook.stores.BooksDatabase;
import io.daybook.stores.StoredAccountSettings;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Stores of a test's own; the books are filled by their projection. */
final class Stores {

    /** Those of an account that was never configured, as Redis has them. */
    static final String SETTINGS =
            StoredAccountSettings.initial(new AccountAddress("any")).json();

    private static final int POOL_SIZE = 2;

    final Isolated services = SharedServices.get().isolated();
    final JdbcClient books;

    private final Projection projection;
    private final TransactionTemplate transactions;

    Stores() {
        DataSource source = pool(services.get("daybook.books.jdbc-url"));
        new BooksSchemas(source).migrate();
        books = JdbcClient.create(source);
        projection = new BooksProjection(new JdbcTemplate(source));
        transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /** A connection for each event would be most of the time of a long history. */
    private HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(services.get("daybook.books.username"));
        config.setPassword(services.get("daybook.books.password"));
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        return new HikariDataSource(config);
    }

    private JdbcClient at(String url) {
        return JdbcClient.create(new DriverManagerDataSource(
                url, services.get("daybook.books.username"), services.get("daybook.books.password")));
    }

    /** The properties of an application, some of them changed. */
    Map<String, String> properties(Map<String, String> changes) {
        Map<String, String> properties = new HashMap<>(services.properties());
        properties.putAll(changes);
        return properties;
    }

    /** A ledger whose events are written one by one. */
    Ledger ledger(String name) {
        return new Ledger(name);
    }

    /** Waits until the standbys have what was written to the primary. */
    void awaitReplicas() {
        String urls = services.properties().getOrDefault("daybook.books.replica-jdbc-urls", "");
        var written = books.sql("select ledger, sequence from ledger order by 1")
                .query()
                .listOfRows();
        for (String url : urls.split(",")) {
            if (!url.isBlank()) {
                JdbcClient replica = at(url.strip());
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(50))
                        .ignoreExceptionsInstanceOf(DataAccessException.class)
                        .until(() -> replica.sql("select ledger, sequence from ledger order by 1")
                                .query()
                                .listOfRows()
                                .equals(written));
            }
        }
    }

    /** Parks a ledger in the live generation of a projection. */
    void park(String projection, String ledger, long sequence, long last, String reason) {
        books.sql("insert into parked (projection, generation, ledger, sequence, last, reason, since)"
                        + " select projection, live, ?, ?, ?, ?, '2026-01-31T09:00:00.123456Z'"
                        + " from generation where projection = ?")
                .params(ledger, sequence, last, reason, projection)
                .update();
    }

    void redis(String key, Map<String, String> fields) {
        try (RedisClient client = RedisClient.create(services.get("daybook.redis.uri"));
                var connection = client.connect()) {
            connection.sync().hset(key, fields);
        }
    }

    void redis(String key, String value) {
        try (RedisClient client = RedisClient.create(services.get("daybook.redis.uri"));
                var connection = client.connect()) {
            connection.sync().set(key, value);
        }
    }

    /** Tells that a ledger has come to a sequence, as the projection of the balances does. */
    void notice(String ledger, long sequence) {
        try (RedisClient client = RedisClient.create(services.get("daybook.redis.uri"));
                var connection = client.connect()) {
            connection.sync().publish(BalanceKeys.notices(new LedgerId(ledger)), Long.toString(sequence));
        }
    }

    /** Calls Elasticsearch. */
    void elasticsearch(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(services.get("daybook.elasticsearch.uri") + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(response.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Posts events of a ledger as the projection of the books does, all at once. */
    synchronized void post(List<PublishedEvent> events) {
        transactions.executeWithoutResult(transaction -> {
            try {
                projection.apply(events);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What is recorded of an event, in a ledger that was opened before there was a second version of the hash chain. */
    static PublishedEvent event(String ledger, long sequence, Instant recordedAt, LedgerEvent event) {
        return new PublishedEvent(
                new RecordedEvent(
                        new LedgerId(ledger),
                        new Envelope(
                                sequence,
                                new UUID(9, sequence),
                                recordedAt,
                                "request-1",
                                "anonymous",
                                sequence == RecordedEvent.FIRST_SEQUENCE ? HashChain.FIRST_VERSION : HashChain.VERSION,
                                "%064x".formatted(BigInteger.valueOf(sequence))),
                        event),
                EventType.of(event).eventName(),
                LedgerEventJson.writeText(event));
    }

    /** A ledger whose events are posted one by one. */
    final class Ledger {

        private static final Asset USD = new Asset("USD/2");
        private static final Instant END_OF_YEAR = Instant.parse("2026-12-31T00:00:00Z");

        private final String name;
        private long sequence;

        private Ledger(String name) {
            this.name = name;
        }

        private void happen(LedgerEvent event) {
            sequence++;
            Stores.this.post(List.of(event(name, sequence, recordedAt(sequence), event)));
        }

        Ledger open() {
            happen(new LedgerOpened(null, Map.of("team", "a")));
            return this;
        }

        /** An account is configured. */
        Ledger configure(String account, String metadata) {
            configure(account, metadata, StoredAccountSettings.ofJson(SETTINGS), true);
            return this;
        }

        /** An account's settings change. */
        void settings(String account, String overdraft, String limits, boolean closed) {
            configure(
                    account,
                    "{}",
                    StoredAccountSettings.ofJson(
                            "{\"overdraft\":%s,\"limits\":%s,\"closed\":%s}".formatted(overdraft, limits, closed)),
                    false);
        }

        private void configure(String account, String metadata, StoredAccountSettings settings, boolean created) {
            happen(new AccountConfigured(
                    new AccountAddress(account),
                    settings.overdraft(),
                    settings.limits(),
                    settings.closed(),
                    metadata(metadata),
                    created));
        }

        /** The ledger's metadata change. */
        void changeMetadata() {
            happen(new MetadataChanged(null, null, Map.of()));
        }

        UUID post(String source, String destination, String asset, long amount, String effectiveAt) {
            return post(source, destination, asset, amount, effectiveAt, null, "{}");
        }

        UUID post(
                String source,
                String destination,
                String asset,
                long amount,
                String effectiveAt,
                @Nullable String reference,
                String metadata) {
            UUID id = nextTransaction();
            happen(new TransactionPosted(
                    id,
                    reference,
                    List.of(posting(source, destination, asset, amount)),
                    Instant.parse(effectiveAt),
                    metadata(metadata)));
            return id;
        }

        /** The transaction, undone. */
        UUID reverse(
                UUID transaction, String source, String destination, String asset, long amount, String effectiveAt) {
            UUID id = nextTransaction();
            happen(new TransactionReversed(
                    id,
                    transaction,
                    List.of(posting(destination, source, asset, amount)),
                    Instant.parse(effectiveAt),
                    Map.of()));
            return id;
        }

        /** An amount in US cents is set aside, without a destination, until the end of the year. */
        UUID hold(String source, long amount) {
            UUID id = new UUID(8, sequence + 1);
            happen(new HoldPlaced(
                    id, new AccountAddress(source), null, USD, Amount.of(amount), END_OF_YEAR, Map.of("case", "1")));
            return id;
        }

        /** A part of a hold is captured, and what is then left of it goes back. */
        UUID capture(UUID hold, String source, String destination, long amount, String effectiveAt) {
            long left = books.sql("select remaining from hold where ledger = ? and id = ?")
                    .params(name, hold)
                    .query(Long.class)
                    .single();
            UUID id = nextTransaction();
            happen(new HoldCaptured(
                    id,
                    hold,
                    List.of(posting(source, destination, USD.name(), amount)),
                    Amount.of(left - amount),
                    true,
                    Instant.parse(effectiveAt),
                    Map.of()));
            return id;
        }

        /** A hold ends without a capture. */
        void release(UUID hold, String source, long held) {
            happen(new HoldReleased(
                    hold, new AccountAddress(source), USD, Amount.of(held), HoldReleased.Reason.VOIDED));
        }

        private UUID nextTransaction() {
            return new UUID(7, sequence + 1);
        }

        private static Posting posting(String source, String destination, String asset, long amount) {
            return new Posting(
                    new AccountAddress(source), new AccountAddress(destination), new Asset(asset), Amount.of(amount));
        }

        private static Map<String, String> metadata(String json) {
            return JsonMapper.shared().readValue(json, new TypeReference<>() {});
        }

        Instant recordedAt(long sequence) {
            return Instant.parse("2026-06-01T00:00:00.123456Z").plusSeconds(sequence);
        }

        long sequence() {
            return sequence;
        }
    }
}
