package io.daybook.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.events.LedgerId;
import io.daybook.services.SharedServices;
import io.daybook.services.SharedServices.Isolated;
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
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Stores of a test's own, filled as the projections fill them. */
final class Stores {

    /** Those of an account that was never configured, as Redis has them. */
    static final String SETTINGS = "{\"overdraft\":{},\"limits\":{},\"closed\":false}";

    private static final int POOL_SIZE = 2;

    final Isolated services = SharedServices.get().isolated();
    final JdbcClient books;

    Stores() {
        migrate("projections", "projections");
        migrate("books", "generation");
        books = JdbcClient.create(pool(services.get("daybook.books.jdbc-url")));
    }

    private void migrate(String schema, String scripts) {
        Flyway.configure()
                .dataSource(
                        services.get("daybook.books.jdbc-url"),
                        services.get("daybook.books.username"),
                        services.get("daybook.books.password"))
                .defaultSchema(schema)
                .locations("classpath:db/" + scripts)
                .load()
                .migrate();
    }

    /** An event is ten statements: a connection for each would be most of the time of a long history. */
    private HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(services.get("daybook.books.username"));
        config.setPassword(services.get("daybook.books.password"));
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
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

    /** Writes what the projection of the books writes, an event at a time. */
    final class Ledger {

        private final String name;
        private long sequence;

        private Ledger(String name) {
            this.name = name;
        }

        Ledger open() {
            sequence = 1;
            books.sql("insert into ledger values (?, null, '{\"team\": \"a\"}', '2026-01-01T00:00:00Z', 1, 0, 0)")
                    .param(name)
                    .update();
            event("daybook.ledger-opened.v1", null, "{\"metadata\":{\"team\":\"a\"}}");
            return this;
        }

        /** An account is configured. */
        Ledger configure(String account, String metadata) {
            return configure(
                    account,
                    metadata,
                    "{\"account\":\"%s\",\"closed\":false,\"created\":true,\"limits\":{},\"metadata\":%s,\"overdraft\":{}}"
                            .formatted(account, metadata));
        }

        private Ledger configure(String account, String metadata, String data) {
            sequence++;
            event("daybook.account-configured.v1", null, data);
            account(account);
            books.sql("update account set metadata = ?::jsonb where ledger = ? and account = ?")
                    .params(metadata, name, account)
                    .update();
            books.sql("insert into account_metadata values (?, ?, ?, ?::jsonb)")
                    .params(name, account, sequence, metadata)
                    .update();
            moved(0);
            return this;
        }

        /** An account's settings change. */
        void settings(String account, String overdraft, String limits, boolean closed) {
            configure(
                    account,
                    "{}",
                    "{\"account\":\"%s\",\"closed\":%s,\"created\":false,\"limits\":%s,\"metadata\":{},\"overdraft\":%s}"
                            .formatted(account, closed, limits, overdraft));
            books.sql(
                            "update account set overdraft = ?::json, limits = ?::json, closed = ? where ledger = ? and account = ?")
                    .params(overdraft, limits, closed, name, account)
                    .update();
        }

        /** Something happens that moves no money. */
        Ledger happen(String type, String data) {
            sequence++;
            event(type, null, data);
            moved(0);
            return this;
        }

        /** A transaction of another kind moves 5 USD from {@code b} to {@code a}. */
        Ledger move(String type, String effectiveAt, String data) {
            sequence++;
            Instant time = Instant.parse(effectiveAt);
            event(type, time, data);
            side("b", "USD/2", -5, new UUID(7, sequence), time);
            side("a", "USD/2", 5, new UUID(7, sequence), time);
            moved(1);
            return this;
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
            sequence++;
            UUID id = new UUID(7, sequence);
            Instant time = Instant.parse(effectiveAt);
            event(
                    "daybook.transaction-posted.v1",
                    time,
                    "{\"effectiveAt\":\"%s\",\"id\":\"%s\",\"metadata\":%s,\"postings\":[{\"amount\":\"%d\",\"asset\":\"%s\",\"destination\":\"%s\",\"source\":\"%s\"}]%s}"
                            .formatted(
                                    time,
                                    id,
                                    metadata,
                                    amount,
                                    asset,
                                    destination,
                                    source,
                                    reference == null ? "" : ",\"reference\":\"%s\"".formatted(reference)));
            books.sql("insert into transaction values (?, ?, ?, ?, ?, ?::jsonb)")
                    .params(Arrays.asList(name, sequence, id, reference, time.atOffset(ZoneOffset.UTC), metadata))
                    .update();
            side(source, asset, -amount, id, time);
            side(destination, asset, amount, id, time);
            moved(1);
            return id;
        }

        /** The transaction, undone by one of the same time. */
        UUID reverse(
                UUID transaction, String source, String destination, String asset, long amount, String effectiveAt) {
            UUID id = post(destination, source, asset, amount, effectiveAt);
            books.sql("update transaction set reverses = ? where ledger = ? and id = ?")
                    .params(transaction, name, id)
                    .update();
            books.sql("update transaction set reversed_by = ? where ledger = ? and id = ?")
                    .params(id, name, transaction)
                    .update();
            return id;
        }

        /** An amount in US cents is set aside, without a destination, until the end of the year. */
        UUID hold(String source, long amount) {
            sequence++;
            UUID id = new UUID(8, sequence);
            event("daybook.hold-placed.v1", null, "{}");
            account(source);
            books.sql("""
                            insert into hold
                            values (?, ?, ?, ?, null, 'USD/2', ?, 0, ?, 'open', '2026-12-31T00:00:00Z', '{"case": "1"}', ?, ?)
                            """)
                    .params(
                            name,
                            id,
                            sequence,
                            source,
                            amount,
                            amount,
                            recordedAt().atOffset(ZoneOffset.UTC),
                            sequence)
                    .update();
            held(source, amount);
            moved(0);
            return id;
        }

        /** A part of a hold is captured, and what is then left of it goes back. */
        UUID capture(UUID hold, String source, String destination, long amount, String effectiveAt) {
            long held = books.sql("select remaining from hold where ledger = ? and id = ?")
                    .params(name, hold)
                    .query(Long.class)
                    .single();
            UUID id = post(source, destination, "USD/2", amount, effectiveAt);
            books.sql("update transaction set hold = ? where ledger = ? and id = ?")
                    .params(hold, name, id)
                    .update();
            end(hold, source, held, amount, "captured");
            return id;
        }

        /** A hold ends without a capture. */
        void release(UUID hold, String source, long held, String state) {
            sequence++;
            event("daybook.hold-released.v1", null, "{}");
            end(hold, source, held, 0, state);
            moved(0);
        }

        private void end(UUID hold, String source, long held, long captured, String state) {
            books.sql("""
                            update hold
                               set captured = ?, remaining = 0, state = ?, changed = ?
                             where ledger = ? and id = ?
                            """).params(captured, state, sequence, name, hold).update();
            held(source, -held);
        }

        private void held(String account, long change) {
            books.sql("""
                            insert into balance values (?, ?, 'USD/2', 0, 0, ?, ?)
                            on conflict (ledger, account, asset) do update
                            set held = balance.held + excluded.held, held_at = excluded.held_at
                            """)
                    .params(name, account, change, recordedAt().atOffset(ZoneOffset.UTC))
                    .update();
            books.sql("""
                            insert into held
                            select ledger, account, asset, ?, held, held_at
                              from balance
                             where ledger = ? and account = ? and asset = 'USD/2'
                            """).params(sequence, name, account).update();
        }

        private void side(String account, String asset, long amount, UUID id, Instant time) {
            account(account);
            books.sql("""
                            insert into balance (ledger, account, asset, input, output, folded) values (?, ?, ?, ?, ?, ?)
                            on conflict (ledger, account, asset) do update
                            set input = balance.input + excluded.input, output = balance.output + excluded.output,
                                folded = excluded.folded
                            """)
                    .params(name, account, asset, Math.max(amount, 0), Math.max(-amount, 0), sequence)
                    .update();
            books.sql("""
                            insert into entry (sequence, amount, transaction, effective_at, recorded_at, balance_number,
                                               posting, input, balance)
                            select ?, ?, ?, ?, ?, number, 0, input, input - output
                              from balance
                             where ledger = ? and account = ? and asset = ?
                            """)
                    .params(
                            sequence,
                            amount,
                            id,
                            time.atOffset(ZoneOffset.UTC),
                            recordedAt().atOffset(ZoneOffset.UTC),
                            name,
                            account,
                            asset)
                    .update();
            checkpoint("turnover_day", time.truncatedTo(ChronoUnit.DAYS), account, asset, amount);
            checkpoint("turnover_hour", time.truncatedTo(ChronoUnit.HOURS), account, asset, amount);
        }

        private void checkpoint(String table, Instant start, String account, String asset, long amount) {
            // The zone of the session must not move a day.
            books.sql("""
                            insert into # values (?, ?, @, ?, ?, ?)
                            on conflict on constraint #_pkey do update
                            set input = #.input + excluded.input, output = #.output + excluded.output
                            """.replace("#", table).replace(
                            "@", table.equals("turnover_day") ? "(?::timestamptz at time zone 'UTC')::date" : "?"))
                    .params(
                            name,
                            account,
                            start.atOffset(ZoneOffset.UTC),
                            asset,
                            Math.max(amount, 0),
                            Math.max(-amount, 0))
                    .update();
        }

        private void account(String account) {
            books.sql("insert into account values (?, ?, ?::json, '{}', false, '{}', ?) on conflict do nothing")
                    .params(name, account, account.equals("world") ? "\"unlimited\"" : "{}", sequence)
                    .update();
        }

        private void event(String type, @Nullable Instant effectiveAt, String data) {
            books.sql("insert into event values (?, ?, ?, ?, ?, ?, 'request-1', 'anonymous', ?::json, ?, ?)")
                    .params(Arrays.asList(
                            name,
                            sequence,
                            new UUID(9, sequence),
                            type,
                            recordedAt().atOffset(ZoneOffset.UTC),
                            effectiveAt == null ? null : effectiveAt.atOffset(ZoneOffset.UTC),
                            data,
                            "%064x".formatted(BigInteger.valueOf(sequence)),
                            // As in a ledger that was opened before there was a second version.
                            sequence == 1 ? 1 : 2))
                    .update();
        }

        private Instant recordedAt() {
            return recordedAt(sequence);
        }

        Instant recordedAt(long sequence) {
            return Instant.parse("2026-06-01T00:00:00.123456Z").plusSeconds(sequence);
        }

        private void moved(int transactions) {
            books.sql("""
                            update ledger
                               set sequence = ?,
                                   transactions = transactions + ?,
                                   accounts = (select count(*) from account where ledger = ?)
                             where ledger = ?
                            """).params(sequence, transactions, name, name).update();
        }

        long sequence() {
            return sequence;
        }
    }
}
