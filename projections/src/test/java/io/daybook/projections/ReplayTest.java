package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.services.SharedServices;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replays of all projections on real services. */
class ReplayTest {

    private static final List<String> ALL = List.of("balances", "books", "audit");
    private static final List<String> LEDGERS = List.of("north", "south", "east");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final Publisher publisher = new Publisher(services);
    private final RedisClient redisClient = RedisClient.create(services.get("daybook.redis.uri"));
    private final StatefulRedisConnection<String, String> redis = redisClient.connect();
    private final Rest5Client elasticsearch = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final String alias = services.get("daybook.elasticsearch.index-prefix") + "-events";
    private ConfigurableApplicationContext application;
    private JdbcTemplate books;
    private int posted;

    @BeforeEach
    void start() {
        SpringApplication spring = new SpringApplication(ProjectionsConfiguration.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        Map<String, Object> properties = new TreeMap<>(services.properties());
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        spring.setDefaultProperties(properties);
        application = spring.run();
        books = application.getBean("projectionsJdbcTemplate", JdbcTemplate.class);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
        publisher.close();
        redis.close();
        redisClient.shutdown();
        elasticsearch.close();
    }

    private void open() {
        LEDGERS.forEach(ledger -> publisher.publish(ledger, new LedgerOpened(null, Map.of())));
    }

    /** In each ledger so many transfers, over ten accounts. */
    private void post(int transfers) {
        for (int i = 0; i < transfers; i++) {
            AccountAddress account = new AccountAddress("users:" + posted++ % 10);
            LedgerEvent transfer = new TransactionPosted(
                    UUID.randomUUID(),
                    null,
                    List.of(new Posting(AccountAddress.WORLD, account, new Asset("USD/2"), Amount.of(1))),
                    Instant.now(),
                    Map.of());
            LEDGERS.forEach(ledger -> publisher.publish(ledger, transfer));
        }
    }

    private void ask(String projection, String what) {
        assertThat(books.update("update generation set wanted = ? where projection = ?", what, projection))
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

    private String redisKeys() {
        String generation = redis.sync().get("daybook:generation");
        return generation == null || generation.equals("1") ? "daybook:" : "daybook:" + generation + ":";
    }

    private JsonNode search(String method, String action) throws IOException {
        Request request = new Request(method, "/" + alias + "/" + action);
        request.addParameter("ignore_unavailable", "true");
        return JsonMapper.shared()
                .readTree(elasticsearch.performRequest(request).getEntity().getContent());
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
                assertThat(redis.sync().get(redisKeys() + "{" + ledger + "}:sequence"))
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
        String before = redisKeys() + "{" + ledger + "}:account:users:";
        return IntStream.range(0, 10)
                .mapToObj(account -> redis.sync().hget(before + account, "in:USD/2"))
                .filter(Objects::nonNull)
                .mapToLong(Long::parseLong)
                .sum();
    }

    @Test
    void damaged_books_are_told_by_a_dry_run_and_replaced_by_a_replay() throws IOException {
        open();
        post(40);
        awaitEverything();
        books.update("update balance set input = input + 5 where ledger = 'north' and account = 'users:3'");
        redis.sync().hset("daybook:{south}:account:users:4", "in:USD/2", "77");
        Request deletion = new Request("POST", "/_bulk");
        String victim = search("GET", "_search").at("/hits/hits/0/_id").asString();
        String index = search("GET", "_search").at("/hits/hits/0/_index").asString();
        deletion.setJsonEntity("{\"delete\":{\"_index\":\"" + index + "\",\"_id\":\"" + victim + "\"}}\n");
        elasticsearch.performRequest(deletion);

        ALL.forEach(projection -> ask(projection, "dry-run"));

        awaitDetail("books", "USD/2 at users:3 of ledger north");
        awaitDetail("balances", "{south}:account:users:4: live {in:USD/2=77");
        awaitDetail("audit", "events of ledger");
        ALL.forEach(projection -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(row(projection).get("state")).isNull()));
        assertThat(ALL).allSatisfy(projection -> assertThat(row(projection)).containsEntry("live", 1));

        ALL.forEach(projection -> ask(projection, "replay"));
        ALL.forEach(projection -> awaitLive(projection, 2));

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
        assertThat(redis.sync().keys("daybook:2:*")).isEmpty();
        assertThat(books.queryForList("select nspname from pg_namespace where nspname = 'books_aside'"))
                .isEmpty();
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

    @Test
    void lost_stores_are_healed() throws IOException {
        open();
        post(30);
        awaitEverything();
        redis.sync().flushdb();
        books.execute("drop schema books cascade");
        elasticsearch.performRequest(new Request("DELETE", "/" + alias + "-*"));
        post(1); // which the projections cannot apply any more

        ALL.forEach(projection -> ask(projection, "replay"));

        ALL.forEach(projection -> awaitLive(projection, 2));
        awaitEverything();
        post(2);
        awaitEverything();
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
