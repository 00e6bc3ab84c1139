package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Two nodes on one event store, with commands for a ledger sent to both: slower, and never wrong. */
class SecondNodeTest {

    private static final int CLIENTS = 8;
    private static final int COMMANDS_PER_CLIENT = 25;

    private static CommandServer one;
    private static CommandServer other;

    @BeforeAll
    static void start() {
        one = CommandServer.with();
        other = one.beside();
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
    }

    private static HttpResponse<String> pay(CommandServer node, String ledger, String from, String to, int amount) {
        return node.send(
                "POST",
                "/v1/ledgers/" + ledger + "/transactions",
                "{\"postings\":[{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD\",\"amount\":%d}]}"
                        .formatted(from, to, amount));
    }

    private static void assertRefused(HttpResponse<String> answer, int available) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(JsonMapper.shared().readTree(answer.body()).path("available").asInt())
                .isEqualTo(available);
    }

    @Test
    void what_one_refuses_rests_on_what_the_other_has_recorded() {
        assertThat(one.send("PUT", "/v1/ledgers/refused", "{}").statusCode()).isEqualTo(201);
        assertRefused(pay(one, "refused", "alice", "shop", 60), 0);
        assertRefused(pay(other, "refused", "alice", "shop", 60), 0);

        assertThat(pay(other, "refused", "world", "alice", 100).statusCode()).isEqualTo(201);
        assertThat(pay(one, "refused", "alice", "shop", 60).statusCode()).isEqualTo(201);

        assertRefused(pay(other, "refused", "alice", "shop", 60), 40);
        assertRefused(pay(one, "refused", "alice", "shop", 60), 40);
    }

    @Test
    void what_changes_nothing_changes_nothing_of_what_the_other_has_recorded() {
        String account = "/v1/ledgers/unchanged/accounts/a";
        assertThat(one.send("PUT", "/v1/ledgers/unchanged", "{}").statusCode()).isEqualTo(201);
        one.send("PUT", account, "{\"closed\":true}");
        other.send("PUT", account, "{\"closed\":false}");
        // To the first node it looks as if it were closed still.
        HttpResponse<String> closed = one.send("PUT", account, "{\"closed\":true}");
        assertThat(closed.headers().firstValue("Ledger-Sequence")).contains("4");
        assertThat(pay(other, "unchanged", "world", "a", 1).body()).contains("account-closed");
    }

    @Test
    void commands_spread_over_both_are_all_done_once() throws Exception {
        assertThat(one.send("PUT", "/v1/ledgers/spread", "{}").statusCode()).isEqualTo(201);
        List<Future<List<HttpResponse<String>>>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                clients.add(threads.submit(() -> client(random)));
            }
        }
        for (Future<List<HttpResponse<String>>> client : clients) {
            assertThat(client.get())
                    .allSatisfy(answer ->
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201));
        }
        int posted = CLIENTS * COMMANDS_PER_CLIENT;
        assertThat(one.journal()
                        .queryForObject(
                                "select count(*) = ? and max(sequence) = ? from event where ledger = 'spread'",
                                Boolean.class,
                                posted + 1,
                                posted + 1))
                .isTrue();
        assertRefused(pay(one, "spread", "a", "shop", posted + 1), posted);
        assertRefused(pay(other, "spread", "a", "shop", posted + 1), posted);
    }

    private static List<HttpResponse<String>> client(SplittableRandom random) {
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_CLIENT; i++) {
            answers.add(pay(random.nextBoolean() ? one : other, "spread", "world", "a", 1));
        }
        return answers;
    }
}
