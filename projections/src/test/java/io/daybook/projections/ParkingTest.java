package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.StoredEvent;
import io.daybook.services.Cable;
import io.daybook.services.SharedServices;
import io.daybook.stores.audit.AuditKind;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An event that cannot be posted holds up its ledger, and no other; a store that is away holds up all, and parks none. */
class ParkingTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final List<String> ALL = List.of("balances", "books", "audit");
    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final TestEventStore store = new TestEventStore(services);
    private final Publisher publisher = new Publisher(services, store::append);
    private final URI redisUri = URI.create(services.get("daybook.redis.uri"));
    private final Cable redisCable = cable(redisUri.getPort());
    private final RedisClient redisClient = RedisClient.create(redisUri.toString());
    private final StatefulRedisConnection<String, String> redis = redisClient.connect();
    private final Rest5Client elasticsearch = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final String alias = AuditKind.EVENTS.named(services.get("daybook.elasticsearch.index-prefix"));
    private ConfigurableApplicationContext application;
    private JdbcTemplate books;

    private static Cable cable(int port) {
        try {
            return new Cable(port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        application = TestProjections.start(
                services, Map.of("daybook.redis.uri", "redis://127.0.0.1:" + redisCable.port() + redisUri.getPath()));
        books = application.getBean(JdbcTemplate.class);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
        publisher.close();
        store.close();
        redis.close();
        redisClient.shutdown();
        redisCable.close();
        elasticsearch.close();
    }

    private void open(String... ledgers) {
        for (String ledger : ledgers) {
            publisher.publish(ledger, new LedgerOpened(null, Map.of()));
        }
    }

    private static TransactionPosted posted(UUID id) {
        return new TransactionPosted(
                id,
                null,
                List.of(new Posting(AccountAddress.WORLD, ALICE, USD, Amount.of(1))),
                Instant.now(),
                Map.of());
    }

    private void post(String ledger, int times) {
        for (int i = 0; i < times; i++) {
            publisher.publish(ledger, posted(UUID.randomUUID()));
        }
    }

    private StoredEvent next(String ledger) {
        return publisher.next(ledger, posted(UUID.randomUUID()));
    }

    private static StoredEvent changed(StoredEvent event, String type, String actor) {
        return new StoredEvent(
                event.ledger(),
                new Envelope(
                        event.sequence(),
                        event.id(),
                        event.recordedAt(),
                        event.requestId(),
                        actor,
                        HashChain.FIRST_VERSION,
                        event.hash()),
                type,
                null,
                event.data());
    }

    private JsonNode elasticsearch(String method, String action, String body) throws IOException {
        Request request = new Request(method, "/" + alias + "/" + action);
        request.addParameter("ignore_unavailable", "true");
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        return JsonMapper.shared()
                .readTree(elasticsearch.performRequest(request).getEntity().getContent());
    }

    private long inBooks(String ledger) {
        return books.queryForList("select sequence from ledger where ledger = ?", Long.class, ledger).stream()
                .findFirst()
                .orElse(0L);
    }

    private long inRedis(String ledger) {
        int generation = BalanceKeys.liveGeneration(redis.sync().get(BalanceKeys.LIVE_GENERATION));
        String position = redis.sync().get(BalanceKeys.of(generation).position(new LedgerId(ledger)));
        return position == null ? 0 : Long.parseLong(position);
    }

    private long indexed(String ledger) throws IOException {
        elasticsearch("POST", "_refresh", "");
        return elasticsearch("GET", "_count", "{\"query\":{\"term\":{\"daybook.ledger\":\"" + ledger + "\"}}}")
                .path("count")
                .asLong();
    }

    private void awaitPositions(String ledger, long inBooks, long inRedis, long indexed) {
        // An index that is just being made answers 503.
        await().atMost(SOON).ignoreException(ResponseException.class).untilAsserted(() -> {
            assertThat(inBooks(ledger)).as("%s in books", ledger).isEqualTo(inBooks);
            assertThat(inRedis(ledger)).as("%s in Redis", ledger).isEqualTo(inRedis);
            assertThat(indexed(ledger)).as("%s in the audit", ledger).isEqualTo(indexed);
        });
    }

    private void awaitEverywhere(String ledger) {
        long last = publisher.lastSequence(ledger);
        awaitPositions(ledger, last, last, last);
    }

    private List<String> parked(String projection) {
        return books.queryForList(
                "select ledger || ' ' || sequence || '-' || last from parked where projection = ? order by ledger",
                String.class,
                projection);
    }

    private void awaitParked(String projection, String... ledgers) {
        await().atMost(SOON).untilAsserted(() -> assertThat(parked(projection)).containsExactly(ledgers));
    }

    private String reason(String projection, String ledger) {
        return books.queryForObject(
                "select reason from parked where projection = ? and ledger = ?", String.class, projection, ledger);
    }

    /** What the audit has of a parked ledger, for people to look at. */
    private void awaitTold(String projection, String ledger) {
        Request search =
                new Request("GET", "/" + services.get("daybook.elasticsearch.index-prefix") + "-projections/_search");
        search.addParameter(
                "q", "event.action:parked AND daybook.projection.name:" + projection + " AND daybook.ledger:" + ledger);
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            JsonNode hits = JsonMapper.shared()
                    .readTree(elasticsearch.performRequest(search).getEntity().getContent())
                    .at("/hits/hits");
            assertThat(hits).hasSize(1);
            assertThat(hits.at("/0/_source/event/reason").asString()).isEqualTo(reason(projection, ledger));
        });
    }

    private void awaitStatus(String projection, String state, long parked) {
        await().atMost(SOON).untilAsserted(() -> assertThat(books.queryForMap(
                        "select state, parked, lag_events from projection where name = ?", projection))
                .containsEntry("state", state)
                .containsEntry("parked", parked)
                .containsEntry("lag_events", 0L));
    }

    private void awaitMetric(String projection, long parked) {
        MeterRegistry metrics = new SimpleMeterRegistry();
        application.getBean("projectionMetrics", MeterBinder.class).bindTo(metrics);
        Gauge gauge = metrics.get("daybook.projection.parked.events")
                .tag("projection", projection)
                .gauge();
        await().atMost(SOON).untilAsserted(() -> assertThat(gauge.value()).isEqualTo(parked));
    }

    @Test
    void each_projection_parks_the_ledgers_of_what_it_cannot_post_and_goes_on_with_all_others() throws IOException {
        open("first", "gap", "last", "newer", "nohold", "rude", "torn", "twice", "typed");
        UUID once = UUID.randomUUID();
        publisher.publish("twice", posted(once));
        redis.sync().set(KEYS.account(new LedgerId("typed"), "alice"), "what does not belong there");

        publisher.publish(changed(next("newer"), "daybook.transaction-posted.v99", "tester"));
        publisher.publish("twice", posted(once));
        publisher.publish("nohold", released());
        publisher.publish(changed(next("rude"), "daybook.transaction-posted.v1", "x".repeat(40_000)));
        publisher.publish("torn", posted(once), "{\"postings\":");
        publisher.skipSequence("gap");
        publisher.publishStrange("first");
        publisher.publishStrange(null);
        for (String ledger : List.of("first", "gap", "last", "newer", "nohold", "rude", "torn", "twice", "typed")) {
            post(ledger, 2);
        }

        awaitEverywhere("first");
        awaitEverywhere("last");
        awaitParked("books", "gap 2-4", "newer 2-4", "nohold 2-4", "torn 2-4", "twice 3-5");
        awaitParked("balances", "gap 2-4", "newer 2-4", "nohold 2-4", "torn 2-4", "typed 2-3");
        awaitParked("audit", "gap 2-4", "newer 2-4", "rude 2-4", "torn 2-4");
        awaitPositions("gap", 1, 1, 1);
        awaitPositions("newer", 1, 1, 1);
        awaitPositions("nohold", 1, 1, 4);
        awaitPositions("rude", 4, 4, 1);
        awaitPositions("twice", 2, 5, 5);
        awaitPositions("typed", 3, 1, 3);
        awaitStatus("books", "running", 15);
        awaitStatus("balances", "running", 14);
        awaitStatus("audit", "running", 12);
        awaitMetric("books", 15);
        awaitMetric("balances", 14);
        awaitMetric("audit", 12);
        assertThat(reason("books", "newer")).contains("event 2 of ledger newer cannot be read", "v99");
        assertThat(reason("books", "gap")).contains("event 2 is missing, 3 came instead");
        assertThat(reason("books", "twice"))
                .contains("duplicate key value violates unique constraint")
                .doesNotContain(once.toString());
        assertThat(reason("balances", "typed")).contains("WRONGTYPE");
        assertThat(reason("audit", "rude")).contains("event 2 of ledger rude", "user.id");
        awaitTold("books", "gap");
        awaitTold("balances", "typed");
        awaitTold("audit", "rude");

        application.close();
        post("twice", 1);
        post("last", 1);
        start();

        awaitEverywhere("last");
        awaitParked("books", "gap 2-4", "newer 2-4", "nohold 2-4", "torn 2-4", "twice 3-6");
    }

    @Test
    void a_generation_that_parks_more_than_the_live_one_is_not_exchanged() {
        open("damaged", "good");
        awaitEverywhere("damaged");
        redis.sync().hset(KEYS.account(new LedgerId("damaged"), "alice"), "held:USD/2", "5");
        publisher.publish("damaged", released());
        awaitPositions("damaged", 1, 2, 2);

        ask("balances", "replay");

        await().atMost(SOON).untilAsserted(() -> assertThat(generation("balances"))
                .containsEntry("live", 1)
                .containsEntry("state", "paused")
                .extractingByKey("detail")
                .asString()
                .contains("not exchanged", "ledger damaged is parked at event 2"));
        awaitParked("balances", "damaged 2-2");
        awaitStatus("balances", "running", 0);
        ask("balances", "discard");
        awaitParked("balances");
    }

    @Test
    void a_generation_that_parks_what_the_live_one_parks_is_exchanged_and_heals_the_others() {
        open("healed", "worse", "good");
        redis.sync().set(KEYS.account(new LedgerId("healed"), "alice"), "what does not belong there");
        post("healed", 2);
        publisher.publish("worse", released());
        awaitParked("balances", "healed 2-3", "worse 2-2");

        ask("balances", "replay");

        await().atMost(SOON).untilAsserted(() -> assertThat(generation("balances"))
                .containsEntry("live", 2)
                .containsEntry("state", "kept"));
        awaitPositions("healed", 3, 3, 3);
        awaitPositions("worse", 1, 1, 2);
        awaitStatus("balances", "running", 1);
        post("worse", 1);
        awaitStatus("balances", "running", 2);
        ask("balances", "discard");
        awaitParked("balances", "worse 2-3");
    }

    @Test
    void what_could_not_be_read_is_healed_from_the_store_and_all_that_followed_is_there_once() throws IOException {
        open("east", "west");
        StoredEvent right = next("east");
        publisher.publish(changed(right, "daybook.transaction-posted.v99", "tester"), right);
        post("east", 3);
        post("west", 3);
        ALL.forEach(projection -> awaitParked(projection, "east 2-5"));
        awaitPositions("east", 1, 1, 1);
        awaitEverywhere("west");

        // Kafka has it still as it cannot be read.
        askToRepair("books", "east", "kafka");
        await().atMost(SOON).untilAsserted(() -> assertThat(books.queryForMap("select state, detail from repair"))
                .containsEntry("state", "failed")
                .extractingByKey("detail")
                .asString()
                .contains("v99"));
        // What follows the event that could not be read is not there either, whatever is asked for.
        askToRepair("audit", "east", "store", 4);
        askToRepair("balances", "east", "store");
        askToRepair("books", "east", "store");

        awaitHealed("east", 4);
        post("east", 2);
        awaitHealed("east", 6);
        awaitEverywhere("west");
    }

    @Test
    void what_stood_in_the_way_of_a_ledger_is_thrown_away_and_it_is_healed_from_kafka() throws IOException {
        open("east", "west");
        redis.sync().set(KEYS.account(new LedgerId("east"), "alice"), "what does not belong there");
        post("east", 4);
        post("west", 3);
        awaitParked("balances", "east 2-5");
        awaitPositions("east", 5, 1, 5);
        awaitEverywhere("west");

        askToRepair("balances", "east", "kafka");

        awaitHealed("east", 4);
        post("east", 2);
        awaitHealed("east", 6);
        awaitEverywhere("west");
    }

    private void askToRepair(String projection, String ledger, String source) {
        askToRepair(projection, ledger, source, 1);
    }

    private void askToRepair(String projection, String ledger, String source, long fromSequence) {
        books.update("""
                insert into repair (projection, ledger, source, from_sequence) values (?, ?, ?, ?)
                on conflict (projection, ledger) do update set source = excluded.source, state = 'wanted'
                """, projection, ledger, source, fromSequence);
    }

    /** Everywhere, and each of so many transfers to Alice once. */
    private void awaitHealed(String ledger, long transfers) throws IOException {
        awaitEverywhere(ledger);
        ALL.forEach(projection -> awaitParked(projection));
        ALL.forEach(projection -> awaitStatus(projection, "running", 0));
        assertThat(books.queryForObject(
                        "select input from balance where ledger = ? and account = 'alice'", Long.class, ledger))
                .isEqualTo(transfers);
        assertThat(redis.sync().hget(KEYS.account(new LedgerId(ledger), "alice"), "in:USD/2"))
                .isEqualTo("" + transfers);
        assertThat(elasticsearch("GET", "_search?size=100&q=daybook.ledger:" + ledger, "")
                        .at("/hits/hits")
                        .valueStream()
                        .map(hit -> hit.at("/_source/event/sequence").asLong()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, transfers + 1).boxed().toList());
    }

    private static LedgerEvent released() {
        return new HoldReleased(UUID.randomUUID(), ALICE, USD, Amount.of(1), HoldReleased.Reason.VOIDED);
    }

    private void ask(String projection, String what) {
        assertThat(books.update("update generation set wanted = ? where projection = ?", what, projection))
                .isOne();
    }

    private Map<String, Object> generation(String projection) {
        return books.queryForMap("select live, state, detail from generation where projection = ?", projection);
    }

    @Test
    void a_store_that_is_away_parks_nothing_and_all_goes_on_when_it_is_back() throws Exception {
        open("acme", "shop");
        post("acme", 3);
        awaitEverywhere("acme");
        awaitEverywhere("shop");

        redisCable.cut();
        elasticsearch("PUT", "_settings", "{\"index.blocks.write\":true}");
        post("acme", 3);
        awaitStopped("balances");
        awaitStopped("audit");
        post("shop", 3);
        await().atMost(SOON).until(() -> inBooks("shop") == 4);
        redisCable.mend();
        elasticsearch("PUT", "_settings", "{\"index.blocks.write\":false}");
        awaitEverywhere("acme");
        awaitEverywhere("shop");

        books.execute("alter schema books rename to books_taken_away");
        post("acme", 3);
        awaitStopped("books");
        await().atMost(SOON).until(() -> inRedis("acme") == publisher.lastSequence("acme"));
        books.execute("alter schema books_taken_away rename to books");
        awaitEverywhere("acme");

        assertThat(books.queryForObject("select count(*) from parked", Long.class))
                .isZero();
    }

    private void awaitStopped(String projection) {
        await().atMost(SOON).until(() -> books.queryForObject(
                        "select state from projection where name = ?", String.class, projection)
                .equals("stopped"));
    }
}
