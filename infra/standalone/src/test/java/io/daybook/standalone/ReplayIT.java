package io.daybook.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.standalone.TestInstallation.Running;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replays by the command line, while clients write and read. */
@ExtendWith(SharedInstallation.class)
class ReplayIT {

    private static final int READERS = 3;
    private static final Duration SOON = Duration.ofSeconds(90);

    private final TestInstallation daybook;

    ReplayIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    private void open(String ledger) {
        assertThat(daybook.send("PUT", "/v1/ledgers/" + ledger, "{}").statusCode())
                .isEqualTo(201);
    }

    /** One more unit for the account, and so its balance is one less than the ledger's sequence. */
    private long post(String ledger) {
        HttpResponse<String> answer = daybook.send("POST", "/v1/ledgers/" + ledger + "/transactions", """
                {"postings": [{"source": "world", "destination": "a", "asset": "USD/2", "amount": 1}]}
                """);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return sequence(answer);
    }

    private static long sequence(HttpResponse<String> answer) {
        return Long.parseLong(answer.headers().firstValue("Ledger-Sequence").orElseThrow());
    }

    private JsonNode read(String path, long atLeast, LongConsumer sequence) {
        HttpResponse<String> answer = daybook.send("GET", path, "", "Min-Ledger-Sequence", Long.toString(atLeast));
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        sequence.accept(sequence(answer));
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Every answer is that of one moment, and not of an earlier one than was asked for. */
    private void readAll(String ledger, long atLeast) {
        AtomicLong sequence = new AtomicLong();
        String account = "/v1/ledgers/" + ledger + "/accounts/a";
        JsonNode balance = read(account, atLeast, sequence::set);
        assertThat(balance.at("/balances/USD~12/balance").asString()).isEqualTo("" + (sequence.get() - 1));
        JsonNode transactions = read("/v1/ledgers/" + ledger + "/transactions?limit=1", atLeast, sequence::set);
        assertThat(transactions.at("/data/0/sequence").asLong()).isEqualTo(sequence.get());
        JsonNode sums = read("/v1/ledgers/" + ledger + "/balances?prefix=a", atLeast, sequence::set);
        assertThat(sums.at("/balances/USD~12/balance").asString()).isEqualTo("" + (sequence.get() - 1));
        assertThat(sequence.get()).isGreaterThanOrEqualTo(atLeast);
    }

    private long generation(String projection) {
        return daybook.get("/v1/projections")
                .path("data")
                .valueStream()
                .filter(each -> each.path("name").asString().equals(projection))
                .findFirst()
                .orElseThrow()
                .path("generation")
                .asLong();
    }

    @Test
    void all_projections_are_exchanged_while_clients_write_and_read_and_no_answer_is_wrong() throws Exception {
        String ledger = "replayed";
        open(ledger);
        AtomicLong answered = new AtomicLong(post(ledger));
        AtomicBoolean done = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        clients.add(client(done, failures, () -> answered.set(post(ledger))));
        for (int i = 0; i < READERS; i++) {
            clients.add(client(done, failures, () -> readAll(ledger, answered.get())));
        }
        long before = generation("books");

        daybook.daybook("replay", "all").successfully();
        long written = answered.get();
        await().atMost(SOON).until(() -> answered.get() > written || !failures.isEmpty());
        done.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(failures).isEmpty();
        readAll(ledger, answered.get());
        assertThat(List.of("balances", "books", "audit")).allSatisfy(projection -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(generation(projection)).isGreaterThan(before)));
        assertThat(daybook.daybook("replay", "status").successfully().output()).contains("kept for a rollback");
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
    }

    private static Thread client(AtomicBoolean done, Queue<Throwable> failures, Runnable step) {
        return Thread.ofPlatform().start(() -> {
            try {
                while (!done.get() && failures.isEmpty()) {
                    step.run();
                }
            } catch (RuntimeException | AssertionError e) {
                failures.add(e);
            }
        });
    }

    @Test
    void a_replay_goes_on_after_everything_was_killed() throws Exception {
        String ledger = "killed";
        open(ledger);
        long last = 0;
        for (int i = 0; i < 20; i++) {
            last = post(ledger);
        }
        long before = generation("books");
        Running replay = daybook.start("replay", "all");
        await().atMost(SOON)
                .until(() -> daybook.get("/v1/projections").toString().contains("replaying")
                        || generation("books") > before);
        ProcessHandle application = daybook.facts().process().orElseThrow();
        application.destroyForcibly();
        application.onExit().join();
        replay.join();

        daybook.up().successfully();

        await().atMost(SOON).untilAsserted(() -> assertThat(generation("books")).isGreaterThan(before));
        await().atMost(SOON)
                .until(() -> !daybook.get("/v1/projections").toString().contains("replaying"));
        readAll(ledger, Math.max(last, post(ledger)));
    }

    @Test
    void what_is_asked_wrongly_is_told() throws Exception {
        assertThat(daybook.daybook("replay"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(2))
                .satisfies(ran -> assertThat(ran.errors()).contains("Which projection?"));
        assertThat(daybook.daybook("replay", "pause", "books").output()).contains("nothing is being replayed");
    }
}
