package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Replays of all projections on real services. */
class ReplayTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final List<String> ALL = List.of("balances", "books", "audit");
    private static final List<String> LEDGERS = List.of("north", "south", "east");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ProjectionsFixture fixture = new ProjectionsFixture();
    private final SharedServices.Isolated services = fixture.services();
    private final TestEventStore store = fixture.store();
    private final Publisher publisher = fixture.publisher();
    private final JdbcTemplate books = fixture.books();
    private final RedisCommands<String, String> redis = fixture.redis();
    private final Rest5Client elasticsearch = fixture.elasticsearch();
    private ConfigurableApplicationContext application;
    private int posted;

    @BeforeEach
    void start() {
        application = fixture.start(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private void open() {
        LEDGERS.forEach(ledger -> publisher.publish(ledger, new LedgerOpened(null, Map.of())));
    }

    /** In each ledger so many transfers, over ten accounts. */
    private void post(int transfers) {
        for (int i = 0; i < transfers; i++) {
            LedgerEvent transfer = ProjectionsFixture.transfer(posted++ % 10);
            LEDGERS.forEach(ledger -> publisher.publish(ledger, transfer));
        }
    }

    private void ask(String projection, String what) {
        ask(projection, what, "kafka", 1);
    }

    private void ask(String projection, String what, String source, int parallel) {
        assertThat(books.update(
                        "update generation set wanted = ?, wanted_source = ?, wanted_parallel = ? where projection = ?",
                        what,
                        source,
                        parallel,
                        projection))
                .isOne();
    }

    private Map<String, Object> row(String projection) {
        return books.queryForMap("select * from generation where projection = ?", projection);
    }

    private void awaitLive(String projection, int generation) {
        await().atMost(SOON).untilAsserted(() -> assertThat(row(projection))
                .containsEntry("live", generation)
                .containsEntry("wanted", null));
    }

    private void awaitDetail(String projection, String detail) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat((String) row(projection).get("detail")).contains(detail));
    }

    private BalanceKeys redisKeys() {
        return BalanceKeys.of(BalanceKeys.liveGeneration(redis.get(BalanceKeys.LIVE_GENERATION)));
    }

    private JsonNode search(String method, String action) throws IOException {
        return fixture.events(method, action, "");
    }

    private long indexed() throws IOException {
        search("POST", "_refresh");
        return search("GET", "_count").path("count").asLong();
    }

    /** Everything that was published is in what queries are answered from, and adds up. */
    private void awaitEverything() {
        for (String ledger : LEDGERS) {
            long last = publisher.lastSequence(ledger);
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(books.queryForList("select sequence from ledger where ledger = ?", Long.class, ledger))
                        .containsExactly(last);
                assertThat(redis.get(redisKeys().position(new LedgerId(ledger))))
                        .isEqualTo(Long.toString(last));
            });
            assertThat(books.queryForObject(
                            "select sum(input) from balance where ledger = ? and account like 'users:%'",
                            Long.class, ledger))
                    .isEqualTo(posted);
            assertThat(books.queryForObject("select count(*) from event where ledger = ?", Long.class, ledger))
                    .isEqualTo(last);
            await().atMost(SOON).untilAsserted(() -> assertThat(inRedis(ledger)).isEqualTo(posted));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(indexed())
                .isEqualTo(LEDGERS.stream().mapToLong(publisher::lastSequence).sum()));
    }

    private long inRedis(String ledger) {
        BalanceKeys keys = redisKeys();
        return IntStream.range(0, 10)
                .mapToObj(account -> redis.hget(keys.account(new LedgerId(ledger), "users:" + account), "in:USD/2"))
                .filter(Objects::nonNull)
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static String name(JsonNode hit) {
        return "event " + hit.at("/_source/event/sequence").asLong() + " of ledger "
                + hit.at("/_source/daybook/ledger").asString();
    }

    @Test
    void damaged_books_are_told_by_a_dry_run_and_replaced_by_a_replay() throws IOException {
        open();
        post(40);
        awaitEverything();
        books.update("update balance set input = input + 5 where ledger = 'north' and account = 'users:3'");
        redis.hset(KEYS.account(new LedgerId("south"), "users:4"), "in:USD/2", "77");
        JsonNode events = search("GET", "_search").at("/hits/hits");
        Request damage = new Request("POST", "/_bulk");
        damage.setJsonEntity("""
                {"delete":{"_index":"%1$s","_id":"%2$s"}}
                {"update":{"_index":"%1$s","_id":"%3$s"}}
                {"doc":{"message":"nothing"}}
                """.formatted(
                        events.at("/0/_index").asString(),
                        events.at("/0/_id").asString(),
                        events.at("/1/_id").asString()));
        elasticsearch.performRequest(damage);

        ALL.forEach(projection -> ask(projection, "dry-run"));

        awaitDetail("books", "balance north users:3 USD/2 is not the same in both");
        awaitDetail("balances", "{south}:account:users:4: live {in:USD/2=77");
        awaitDetail("audit", name(events.path(0)) + " is in the new audit only");
        awaitDetail("audit", name(events.path(1)) + " is not the same in both");
        ALL.forEach(projection -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(row(projection).get("state")).isNull()));
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection)).containsEntry("live", 1));

        ALL.forEach(projection -> ask(projection, "replay"));
        ALL.forEach(projection -> awaitLive(projection, 2));
        long published = LEDGERS.stream().mapToLong(publisher::lastSequence).sum();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection)).containsEntry("events", published));

        awaitEverything();
        post(5);
        awaitEverything();
    }

    @Test
    void what_is_published_meanwhile_is_in_both_generations_and_a_rollback_goes_back() {
        open();
        post(20);
        awaitEverything();
        Thread writer = Thread.ofVirtual().start(() -> post(200));

        ALL.forEach(projection -> ask(projection, "replay"));
        ALL.forEach(projection -> awaitLive(projection, 2));

        await().atMost(SOON).until(() -> !writer.isAlive());
        awaitEverything();

        ALL.forEach(projection -> ask(projection, "rollback"));
        ALL.forEach(projection -> awaitLive(projection, 1));
        awaitEverything();
        post(3);
        awaitEverything();

        ALL.forEach(projection -> ask(projection, "discard"));
        ALL.forEach(projection -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(row(projection)).containsEntry("aside", null)));
        assertThat(redis.keys(BalanceKeys.of(2).all())).isEmpty();
        assertThat(books.queryForList("select nspname from pg_namespace where nspname = 'books_aside'"))
                .isEmpty();
    }

    /** Nothing can be exchanged until this is rolled back; batches go on. */
    private Connection holdExchanges() throws SQLException {
        Connection connection = DriverManager.getConnection(
                services.get("daybook.books.jdbc-url") + "?currentSchema=" + BooksDatabase.SEARCH_PATH,
                services.get("daybook.books.username"),
                services.get("daybook.books.password"));
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from generation for key share");
        }
        return connection;
    }

    private long waitingForLocks() {
        return books.queryForObject(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                        + " and query like '%from generation%for update'",
                Long.class);
    }

    @Test
    void a_replay_is_paused_at_its_very_end_and_resumed() throws SQLException {
        open();
        post(20);
        awaitEverything();
        try (Connection held = holdExchanges()) {
            ALL.forEach(projection -> ask(projection, "replay"));
            await().atMost(SOON).until(() -> waitingForLocks() == ALL.size());

            ALL.forEach(projection -> ask(projection, "pause"));
            held.rollback();
        }

        ALL.forEach(projection -> awaitDetail(projection, "paused; 'resume' goes on"));
        post(5);
        awaitEverything();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("live", 1)
                .containsEntry("aside", 2)
                .containsEntry("state", "paused"));
        ALL.forEach(projection -> ask(projection, "resume"));
        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
    }

    @Test
    void a_replay_goes_on_after_a_restart() {
        open();
        post(30);
        awaitEverything();
        ALL.forEach(projection -> ask(projection, "replay"));
        await().atMost(SOON)
                .until(() -> ALL.stream().anyMatch(projection -> row(projection).get("aside") != null));
        application.close();
        post(10);

        start();

        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "store"})
    void lost_stores_are_healed(String source) throws IOException {
        open();
        post(30);
        awaitEverything();
        redis.flushdb();
        books.execute("drop schema books cascade");
        for (String index : search("GET", "_alias").propertyNames()) {
            assertThat(elasticsearch
                            .performRequest(new Request("DELETE", "/" + index))
                            .getStatusCode())
                    .isEqualTo(200);
        }
        post(1); // which the projections cannot apply any more

        ALL.forEach(projection -> ask(projection, "replay", source, 3));

        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
        post(2);
        awaitEverything();
    }

    @Test
    void a_topic_that_was_made_anew_is_read_from_its_beginning_and_what_it_has_lost_is_taken_from_the_store()
            throws Exception {
        open();
        post(20);
        awaitEverything();
        String bootstrapServers = services.get("daybook.kafka.bootstrap-servers");
        String topic = EventsInKafka.topic(services.get("daybook.kafka.topic-prefix"));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.deleteTopics(List.of(topic)).all().get();
            await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic));
        }
        new EventsTopic(bootstrapServers, topic, 12, 1).declare();
        post(5);
        awaitEverything();
        ALL.forEach(projection -> ask(projection, "replay"));
        ALL.forEach(projection -> awaitDetail(projection, "event 1 is missing"));
        ALL.forEach(projection -> ask(projection, "discard"));
        ALL.forEach(projection -> awaitDetail(projection, "discarded"));
        Thread writer = Thread.ofVirtual().start(() -> post(150));

        ALL.forEach(projection -> ask(projection, "replay", "store", 2));

        ALL.forEach(projection -> awaitLive(projection, 2));
        writer.join();
        awaitEverything();
        ALL.forEach(projection -> ask(projection, "rollback"));
        ALL.forEach(projection -> awaitLive(projection, 1));
        awaitEverything();
    }

    @Test
    void what_is_not_as_the_write_side_has_it_is_not_exchanged() {
        open();
        post(20);
        awaitEverything();
        assertThat(store.jdbc().update("""
                        update event
                           set hash = decode(repeat('11', 32), 'hex'),
                               data = convert_to(replace(convert_from(data, 'UTF8'), '"amount":"1"', '"amount":"3"'), 'UTF8')
                         where ledger = 'east' and sequence = 3
                        """)).isOne();

        ALL.forEach(projection -> ask(projection, "replay"));

        awaitDetail("audit", "ledger east: event 3 is not the one that was recorded");
        awaitDetail("books", "USD/2 at users:1 is 2 − 0, held 0, and should be 4 − 0, held 0");
        awaitDetail("balances", "USD/2 at users:1 is 2 − 0, held 0, and should be 4 − 0, held 0");
        assertThat(ALL)
                .allSatisfy(projection ->
                        assertThat(row(projection)).containsEntry("live", 1).containsEntry("state", "paused"));
    }

    private void askToRepair(String ledger, String source) {
        ALL.forEach(projection -> books.update("""
                insert into repair (projection, ledger, source) values (?, ?, ?)
                on conflict (projection, ledger) do update set source = excluded.source, state = 'wanted'
                """, projection, ledger, source));
    }

    private void awaitRepairs(String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(books.queryForList("select distinct state from repair", String.class))
                        .containsExactly(state));
    }

    private void damage(String ledger) throws IOException {
        books.update("update balance set input = input + 5 where ledger = ? and account = 'users:3'", ledger);
        books.update(
                "delete from entry using balance where balance_number = number and ledger = ? and account = 'users:4'",
                ledger);
        redis.hset(redisKeys().account(new LedgerId(ledger), "users:4"), "in:USD/2", "77");
        redis.hset(redisKeys().account(new LedgerId(ledger), "users:none"), "in:USD/2", "77");
        JsonNode event = search("GET", "_search?q=daybook.ledger:" + ledger).at("/hits/hits/0");
        Request damage = new Request("POST", "/_bulk?refresh=true");
        damage.setJsonEntity("""
                {"delete":{"_index":"%1$s","_id":"%2$s"}}
                {"index":{"_index":"%1$s","_id":"another"}}
                %3$s
                """.formatted(
                        event.path("_index").asString(),
                        event.path("_id").asString(),
                        event.path("_source").toString()));
        elasticsearch.performRequest(damage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "store"})
    void one_ledger_is_posted_anew_while_the_others_go_on(String source) throws Exception {
        open();
        post(40);
        awaitEverything();
        damage("north");
        Thread writer = Thread.ofVirtual().start(() -> post(150));

        askToRepair("north", source);

        awaitRepairs("done");
        writer.join();
        awaitEverything();
        post(2);
        awaitEverything();
        assertThat(books.queryForList("select * from parked")).isEmpty();
        assertThat(redis.keys(KEYS.account(new LedgerId("north"), "*none"))).isEmpty();
        assertThat(search("GET", "_search?q=_id:another")
                        .at("/hits/total/value")
                        .asLong())
                .isZero();
        ALL.forEach(projection -> ask(projection, "dry-run"));
        ALL.forEach(projection -> awaitDetail(projection, "no differences"));
    }

    @Test
    void a_replay_waits_for_a_ledger_whose_posting_anew_is_paused_and_tells_what_can_be_done() {
        open();
        post(10);
        awaitEverything();
        ALL.forEach(projection -> books.update(
                "insert into repair (projection, ledger, source, state) values (?, 'north', 'kafka', 'paused')",
                projection));

        ALL.forEach(projection -> ask(projection, "replay"));

        ALL.forEach(projection -> awaitDetail(
                projection,
                "waiting for ledger north, which is being posted anew, but paused ('./daybook replay resume "
                        + projection + "' goes on, './daybook replay discard " + projection
                        + " --ledger north' gives it up)"));
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection)).containsEntry("live", 1));
        ALL.forEach(projection -> ask(projection, "pause"));
        ALL.forEach(projection -> awaitDetail(projection, "paused"));
        books.update("update repair set state = 'wanted'");
        awaitRepairs("done");
        ALL.forEach(projection -> ask(projection, "resume"));
        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
    }

    @Test
    void a_ledger_that_was_paused_before_anybody_began_with_it_is_left_as_it_was() throws SQLException {
        open();
        post(10);
        awaitEverything();
        try (Connection held = holdExchanges()) {
            askToRepair("north", "kafka");
            await().atMost(SOON).until(() -> waitingForLocks() == ALL.size());

            books.update("update repair set state = 'paused'");
            held.rollback();
        }
        post(5);

        awaitEverything();
        awaitRepairs("paused");
        assertThat(books.queryForList("select * from parked")).isEmpty();
    }

    @Test
    void a_repair_goes_on_after_a_restart_and_what_it_cannot_get_from_kafka_it_gets_from_the_store() {
        open();
        post(10);
        awaitEverything();
        store.append(new StoredEvent(
                "south",
                new Envelope(
                        publisher.skipSequence("south"),
                        UUID.randomUUID(),
                        Instant.now(),
                        "request",
                        "tester",
                        HashChain.FIRST_VERSION,
                        "00".repeat(32)),
                "daybook.metadata-changed.v1",
                null,
                "{\"metadata\":{}}".getBytes(StandardCharsets.UTF_8)));
        ALL.forEach(projection -> books.update(
                "insert into parked (projection, generation, ledger, sequence, last, reason)"
                        + " values (?, 1, 'south', 12, 12, 'damaged')",
                projection));
        post(10);

        askToRepair("south", "kafka");

        awaitRepairs("failed");
        assertThat(books.queryForList("select detail from repair", String.class))
                .allSatisfy(detail -> assertThat(detail).contains("event 12 is missing in Kafka", "--source store"));
        assertThat(books.queryForList("select ledger from parked", String.class))
                .containsExactly("south", "south", "south");
        // What failed keeps nobody from posting all of it anew.
        ask("audit", "replay", "store", 1);
        awaitLive("audit", 2);
        assertThat(books.queryForList("select projection from repair", String.class))
                .containsExactlyInAnyOrder("balances", "books");
        application.close();
        askToRepair("south", "store");

        start();

        awaitRepairs("done");
        awaitEverything();
        post(1);
        awaitEverything();
    }

    /** As the version before would have left them. */
    private void restartWithOlderFormat(String others) {
        application.close();
        books.update("update generation set live_format = format - 1" + others);
        start();
    }

    @Test
    void a_live_generation_of_an_older_format_is_rebuilt_by_itself_and_only_once() {
        open();
        post(20);
        awaitEverything();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("live_format", row(projection).get("format"))
                .containsEntry("rebuild_asked", false));

        restartWithOlderFormat("");

        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("live_format", row(projection).get("format"))
                .containsEntry("aside_format", (int) row(projection).get("format") - 1)
                .containsEntry("state", "kept"));

        // Who goes back wants to stay there.
        ALL.forEach(projection -> ask(projection, "rollback"));
        ALL.forEach(projection -> awaitLive(projection, 1));
        application.close();
        start();
        post(3);
        awaitEverything();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("live", 1)
                .containsEntry("wanted", null)
                .containsEntry("state", "kept"));
    }

    @Test
    void a_rebuild_waits_for_the_replay_of_an_operator_and_does_not_begin_again_after_it_has_failed() {
        open();
        post(20);
        awaitEverything();
        restartWithOlderFormat(", aside = 2, aside_format = format, state = 'paused'");
        post(5);
        awaitEverything();
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("state", "paused")
                .containsEntry("rebuild_asked", false));
        assertThat(store.jdbc()
                        .update("update event set hash = decode(repeat('11', 32), 'hex') where sequence % 2 = 0"))
                .isPositive();

        ALL.forEach(projection -> ask(projection, "discard"));

        awaitDetail("audit", "is not the one that was recorded");
        awaitDetail("books", "is not the one that was recorded");
        ask("audit", "discard");
        ask("books", "discard");
        awaitDetail("audit", "discarded");
        awaitDetail("books", "discarded");
        application.close();
        start();
        post(1);
        awaitEverything();
        assertThat(List.of("audit", "books")).allSatisfy(projection -> assertThat(row(projection))
                .containsEntry("aside", null)
                .containsEntry("wanted", null)
                .containsEntry("rebuild_asked", true));
    }

    @Test
    void what_cannot_be_done_is_refused_and_told() {
        ask("books", "pause");
        awaitDetail("books", "nothing is being replayed");
        ask("audit", "rollback");
        awaitDetail("audit", "no generation before");
        ask("balances", "discard");
        awaitDetail("balances", "nothing aside");
        assertThat(row("balances")).containsEntry("wanted", null).containsEntry("live", 1);
    }
}
