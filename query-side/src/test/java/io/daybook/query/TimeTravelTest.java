package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.query.Client.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Books at any effective time and as of any sequence are what adding up all postings gives. */
class TimeTravelTest {

    private static final int EVENTS = 600;
    private static final int MOMENTS = 30;
    private static final List<String> PREFIXES = List.of("", "a", "a:", "b", "c");

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

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void all_that_is_told_of_a_moment_is_what_the_postings_add_up_to(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String ledger = "random-" + seed;
        RandomBooks books = new RandomBooks(ledger, seed, EVENTS);
        books.write(stores);
        stores.awaitReplicas();

        check(ledger, books, null, null);
        for (int i = 0; i < MOMENTS; i++) {
            int kind = random.nextInt(3);
            check(ledger, books, kind == 0 ? null : books.someTime(), kind == 1 ? null : books.someSequence());
        }
        for (String account : RandomBooks.ACCOUNTS) {
            checkStatement(ledger, books, account);
        }
    }

    private static void check(String ledger, RandomBooks books, @Nullable Instant at, @Nullable Long asOf) {
        String path = "/v1/ledgers/" + ledger;
        String moment = (at == null ? "" : "&at=" + at) + (asOf == null ? "" : "&asOf=" + asOf);
        long last = asOf == null ? books.sequence() : asOf;
        List<JsonNode> there = new ArrayList<>();
        for (String account : RandomBooks.ACCOUNTS) {
            Map<String, Object> expected = books.account(account, at, last);
            Answer answer = client.get(path + "/accounts/" + account + "?" + moment.replaceFirst("^&", ""));
            if (expected != null) {
                there.add(JsonMapper.shared().valueToTree(expected));
                assertSame(answer.body(), there.getLast(), account + " " + moment);
            } else if (!account.equals("world")) {
                assertThat(answer.code()).isEqualTo("account-not-found");
            }
        }
        JsonNode list =
                client.get(path + "/accounts?limit=1000" + moment).body().path("data");
        assertSame(list, JsonMapper.shared().valueToTree(there), "accounts " + moment);
        for (String prefix : PREFIXES) {
            JsonNode sums = client.get(path + "/balances?prefix=" + prefix + moment)
                    .body()
                    .path("balances");
            assertSame(sums, JsonMapper.shared().valueToTree(books.sums(prefix, at, last)), "sums " + prefix + moment);
        }
        for (int value = 0; value < 4; value++) {
            String wanted = Integer.toString(value);
            List<JsonNode> found = there.stream()
                    .filter(account ->
                            wanted.equals(account.path("metadata").path("k").asString("")))
                    .toList();
            assertSame(
                    client.get(path + "/accounts?metadata%5Bk%5D=" + wanted + moment)
                            .body()
                            .path("data"),
                    JsonMapper.shared().valueToTree(found),
                    "accounts with " + wanted + moment);
        }
    }

    /** Compares texts: of a number it does not matter how Java holds it. */
    private static void assertSame(JsonNode told, JsonNode expected, String what) {
        JsonMapper json = JsonMapper.shared();
        assertThat(told).as(what).isEqualTo(json.readTree(json.writeValueAsString(expected)));
    }

    /** Read in small pages, from its beginning and from its end. */
    private static void checkStatement(String ledger, RandomBooks books, String account) {
        List<String> expected = books.statement(account, "USD/2");
        assertThat(statement(ledger, account, "asc")).isEqualTo(expected);
        Collections.reverse(expected);
        assertThat(statement(ledger, account, "desc")).isEqualTo(expected);
    }

    private static List<String> statement(String ledger, String account, String order) {
        List<String> balances = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.get("/v1/ledgers/" + ledger + "/accounts/" + account
                            + "/entries?asset=USD/2&limit=37&order=" + order + cursor)
                    .body();
            page.path("data").forEach(line -> balances.add(line.path("balance").asString()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!cursor.isEmpty());
        return balances;
    }
}
