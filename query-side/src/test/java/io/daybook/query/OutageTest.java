package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.LedgerId;
import io.daybook.query.Client.Answer;
import io.daybook.services.Cable;
import io.daybook.stores.redis.BalanceKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** If a store cannot be read, only what needs it is unavailable. */
class OutageTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final String ACCOUNT = "/v1/ledgers/shop/accounts/a";

    private static Stores stores;

    @BeforeAll
    static void fill() {
        stores = new Stores();
        stores.ledger("shop").open().post("world", "a", "USD/2", 5, "2026-01-01T00:00:00Z");
        stores.redis(
                KEYS.account(new LedgerId("shop"), "a"),
                Map.of("metadata", "{\"of\":\"redis\"}", "settings", Stores.SETTINGS, "in:USD/2", "5"));
        stores.redis(KEYS.position(new LedgerId("shop")), "2");
        stores.awaitReplicas();
    }

    /** A port at which nobody listens. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void without_redis_the_books_tell_the_balance() throws IOException {
        var changes = Map.of("daybook.redis.uri", "redis://127.0.0.1:" + freePort());
        try (var application = QuerySideApplication.start(stores.properties(changes))) {
            Answer answer = new Client(application).get(ACCOUNT);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().path("metadata")).isEmpty();
            assertThat(answer.body()
                            .at("/balances")
                            .path("USD/2")
                            .path("balance")
                            .asString())
                    .isEqualTo("5");
        }
    }

    @Test
    void a_redis_that_goes_away_is_done_without_until_it_is_back() throws IOException {
        URI redis = URI.create(stores.services.get("daybook.redis.uri"));
        try (Cable cable = new Cable(redis.getPort());
                var application = QuerySideApplication.start(stores.properties(
                        Map.of("daybook.redis.uri", "redis://127.0.0.1:" + cable.port() + redis.getPath())))) {
            Client client = new Client(application);
            assertThat(metadata(client)).containsEntry("of", "redis");

            cable.cut();
            assertThat(metadata(client)).isEmpty();
            assertThat(client.get(ACCOUNT, "Min-Ledger-Sequence", "2").status()).isEqualTo(200);

            cable.mend();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(metadata(client)).containsEntry("of", "redis"));
        }
    }

    private static Map<String, String> metadata(Client client) {
        Answer answer = client.get(ACCOUNT);
        assertThat(answer.status()).isEqualTo(200);
        Map<String, String> metadata = new HashMap<>();
        answer.body()
                .path("metadata")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
        return metadata;
    }

    @Test
    void a_standby_that_is_behind_leaves_nothing_out_of_a_list() {
        Stores ahead = new Stores();
        Stores behind = new Stores();
        Stores.Ledger ledger = ahead.ledger("shop").open();
        Stores.Ledger late = behind.ledger("shop").open();
        for (int i = 0; i < 20; i++) {
            ledger.post("world", "users:%02d".formatted(i), "USD/2", 1, "2026-01-01T00:00:00Z");
            if (i < 5) {
                late.post("world", "users:%02d".formatted(i), "USD/2", 1, "2026-01-01T00:00:00Z");
            }
        }
        String url = ahead.services.get("daybook.books.jdbc-url");
        var standbys =
                Map.of("daybook.books.replica-jdbc-urls", url + "," + behind.services.get("daybook.books.jdbc-url"));
        try (var application = QuerySideApplication.start(ahead.properties(standbys))) {
            Client client = new Client(application);
            for (String list : List.of("/transactions", "/events", "/accounts", "/accounts/world/entries")) {
                String path = "/v1/ledgers/shop" + list + "?limit=4";
                Answer page = client.get(path, "Min-Ledger-Sequence", "21");
                int rows = page.body().path("data").size();
                while (!page.body().path("next").isNull()) {
                    page = client.get(
                            path + "&cursor=" + page.body().path("next").asString());
                    assertThat(page.header("Ledger-Sequence")).as(list).isEqualTo("21");
                    rows += page.body().path("data").size();
                }
                assertThat(rows).as(list).isGreaterThanOrEqualTo(20);
            }
        }
    }

    @Test
    void a_redis_that_does_not_answer_holds_nobody_up() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var changes = Map.of("daybook.redis.uri", "redis://127.0.0.1:" + silent.getLocalPort());
            try (var application = QuerySideApplication.start(stores.properties(changes))) {
                Client client = new Client(application);
                assertThat(client.get("/v1/ledgers/shop").status()).isEqualTo(200);
                Instant start = Instant.now();

                assertThat(client.get(ACCOUNT).status()).isEqualTo(200);

                assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void without_standbys_the_primary_answers() throws IOException {
        String nowhere = "jdbc:postgresql://127.0.0.1:" + freePort() + "/books";
        var changes = Map.of("daybook.books.replica-jdbc-urls", nowhere + "," + nowhere);
        try (var application = QuerySideApplication.start(stores.properties(changes))) {
            assertThat(new Client(application)
                            .get("/v1/ledgers/shop/transactions")
                            .body()
                            .path("data"))
                    .hasSize(1);
        }
    }

    @Test
    void without_the_books_balances_are_still_told() throws IOException {
        String nowhere = "jdbc:postgresql://127.0.0.1:" + freePort() + "/books";
        var changes = Map.of("daybook.books.jdbc-url", nowhere, "daybook.books.replica-jdbc-urls", nowhere);
        try (var application = QuerySideApplication.start(stores.properties(changes))) {
            Client client = new Client(application);

            assertThat(client.get(ACCOUNT).body().at("/metadata/of").asString()).isEqualTo("redis");
            for (String path : List.of("/v1/ledgers", "/v1/ledgers/shop/events", "/v1/projections")) {
                Answer answer = client.get(path);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("unavailable");
                assertThat(answer.header("Retry-After")).isNotEmpty();
            }
        }
    }

    @Test
    void without_elasticsearch_only_the_audit_is_unavailable() throws IOException {
        var changes = Map.of("daybook.elasticsearch.uri", "http://127.0.0.1:" + freePort());
        try (var application = QuerySideApplication.start(stores.properties(changes))) {
            Client client = new Client(application);

            assertThat(client.get("/v1/audit").code()).isEqualTo("unavailable");
            assertThat(client.get("/v1/ledgers/shop").status()).isEqualTo(200);
            assertThat(client.get("/v1/projections?ledger=shop").status()).isEqualTo(200);
        }
    }

    @Test
    void books_without_tables_are_unavailable() {
        var empty = io.daybook.services.SharedServices.get().isolated();
        try (var application = QuerySideApplication.start(empty.properties())) {
            assertThat(new Client(application).get("/v1/ledgers").code()).isEqualTo("unavailable");
        }
    }
}
