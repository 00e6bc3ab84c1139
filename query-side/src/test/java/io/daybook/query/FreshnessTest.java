package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.LedgerId;
import io.daybook.query.Client.Answer;
import io.daybook.stores.redis.BalanceKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** A query waits for the sequence that it is asked to have seen, but not for ever. */
class FreshnessTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final String MIN = "Min-Ledger-Sequence";

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static Client client;

    @BeforeAll
    static void start() {
        stores = new Stores();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void books_that_come_far_enough_are_waited_for() {
        Stores.Ledger ledger = stores.ledger("soon").open();
        stores.awaitReplicas();

        var answer = CompletableFuture.supplyAsync(() -> client.get("/v1/ledgers/soon/transactions", MIN, "2"));
        ledger.post("world", "a", "USD/2", 1, "2026-01-01T00:00:00Z");

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(answer.join().header("Ledger-Sequence")).isEqualTo("2");
        assertThat(answer.join().body().path("data")).hasSize(1);
    }

    @Test
    void an_answer_comes_as_soon_as_the_books_are_there() {
        Stores.Ledger ledger = stores.ledger("shortly").open();
        stores.awaitReplicas();
        Instant start = Instant.now();

        CompletableFuture.runAsync(
                () -> ledger.post("world", "a", "USD/2", 1, "2026-01-01T00:00:00Z"),
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        Answer answer = client.get("/v1/ledgers/shortly", MIN, "2");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
    }

    @Test
    void hundreds_can_wait_for_the_same_event() {
        Stores.Ledger ledger = stores.ledger("popular").open();
        stores.awaitReplicas();

        var answers = IntStream.range(0, 300)
                .mapToObj(i -> client.getAsync("/v1/ledgers/popular/events?after=1", MIN, "2"))
                .toList();
        CompletableFuture.runAsync(
                () -> ledger.post("world", "a", "USD/2", 1, "2026-01-01T00:00:00Z"),
                CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.join().status()).isEqualTo(200);
            assertThat(answer.join().body().path("data")).hasSize(1);
        });
    }

    @Test
    void a_ledger_that_is_not_there_yet_is_waited_for() {
        assertThat(client.get("/v1/ledgers/new").code()).isEqualTo("ledger-not-found");

        var answer = CompletableFuture.supplyAsync(() -> client.get("/v1/ledgers/new", MIN, "1"));
        stores.ledger("new").open();

        assertThat(answer.join().status()).isEqualTo(200);
    }

    @Test
    void balances_that_come_far_enough_are_waited_for() {
        stores.ledger("fast").open();
        stores.redis(
                KEYS.account(new LedgerId("fast"), "a"),
                Map.of("settings", Stores.SETTINGS, "in:USD/2", "7", "out:USD/2", "2"));
        stores.redis(KEYS.position(new LedgerId("fast")), "2");

        var answer = CompletableFuture.supplyAsync(() -> client.get("/v1/ledgers/fast/accounts/a", MIN, "3"));
        stores.redis(KEYS.position(new LedgerId("fast")), "3");

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(answer.join().header("Ledger-Sequence")).isEqualTo("3");
        assertThat(answer.join()
                        .body()
                        .at("/balances")
                        .path("USD/2")
                        .path("balance")
                        .asString())
                .isEqualTo("5");
    }

    @Test
    void what_never_comes_is_told_after_five_seconds() {
        stores.ledger("late").open();
        stores.redis(KEYS.account(new LedgerId("late"), "a"), Map.of("settings", Stores.SETTINGS));
        stores.redis(KEYS.position(new LedgerId("late")), "1");
        stores.awaitReplicas();
        Instant start = Instant.now();

        var answers = java.util.stream.Stream.of(
                        "/v1/ledgers/late", "/v1/ledgers/late/accounts/a", "/v1/ledgers/never/events")
                .map(path -> CompletableFuture.supplyAsync(() -> client.get(path, MIN, "2")))
                .toList();

        for (var waiting : answers) {
            Answer answer = waiting.join();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("projection-behind");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void what_will_not_come_by_itself_is_told_at_once_with_the_reason() {
        stores.ledger("parked").open();
        stores.redis(KEYS.account(new LedgerId("parked"), "a"), Map.of("settings", Stores.SETTINGS));
        stores.redis(KEYS.position(new LedgerId("parked")), "1");
        stores.park("books", "parked", 2, 7, "event 2 cannot be read");
        stores.park("books", "unopened", 1, 1, "event 1 cannot be read");
        stores.awaitReplicas();
        client.get("/v1/projections");

        Answer answer = client.get("/v1/ledgers/parked/transactions", MIN, "2");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("projection-behind");
        assertThat(answer.header("Retry-After")).isEqualTo("60");
        assertThat(answer.header("Ledger-Sequence")).isEqualTo("1");
        assertThat(answer.body().path("detail").asString())
                .contains("event 2 could not be posted", "books", "event 2 cannot be read");
        assertThat(client.get("/v1/ledgers/parked/transactions", MIN, "1").status())
                .isEqualTo(200);
        assertThat(client.get("/v1/ledgers/parked/transactions").status()).isEqualTo(200);
        assertThat(client.get("/v1/ledgers/unopened").code()).isEqualTo("projection-behind");
    }

    @Test
    void balances_that_will_not_come_by_themselves_are_told_by_the_books() {
        Stores.Ledger ledger = stores.ledger("typed").open();
        stores.redis(KEYS.account(new LedgerId("typed"), "a"), Map.of("settings", Stores.SETTINGS));
        stores.redis(KEYS.position(new LedgerId("typed")), "1");
        ledger.post("world", "a", "USD/2", 5, "2026-01-01T00:00:00Z");
        stores.park("balances", "typed", 2, 2, "WRONGTYPE");
        stores.awaitReplicas();
        client.get("/v1/projections");

        Answer answer = client.get("/v1/ledgers/typed/accounts/a", MIN, "2");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Ledger-Sequence")).isEqualTo("2");
        assertThat(answer.body().at("/balances").path("USD/2").path("balance").asString())
                .isEqualTo("5");
    }
}
