package io.daybook.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.cli.installation.Installation.Part;
import io.daybook.standalone.TestInstallation.Running;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each process is killed by itself, while clients write and read and in the middle of a replay. A client repeats a command
 * until it is answered. What was answered is in all books afterwards, once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillIT {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<String> LEDGERS = List.of("killed-a", "killed-b");
    private static final List<String> PROJECTIONS = List.of("audit", "balances", "books");

    /** So many transfers that a replay takes a moment. */
    private static final int HISTORY = 4_000;

    private static final int HISTORY_BATCH = 2_000;
    private static final int BATCH = 10;
    private static final Duration WRITE_INTERVAL = Duration.ofMillis(200);
    private static final Duration READ_INTERVAL = Duration.ofMillis(200);

    /** How many more commands are answered until it is said that clients go on. */
    private static final int SOME = 10;

    private static final String TRANSFER =
            "{\"postings\": [{\"source\": \"world\", \"destination\": \"a\", \"asset\": \"USD/2\", \"amount\": 1}]}";

    @TempDir
    static Path folder;

    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(2 * LEDGERS.size() + 1);
    private final List<Writer> writers = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> lastSequence = new HashMap<>();
    private final AtomicLong read = new AtomicLong();
    private TestInstallation daybook;

    /** Sends one command after the other, each until it is answered. */
    private final class Writer implements Runnable {

        private final String ledger;
        private final int transfers;
        private final AtomicLong answered = new AtomicLong();
        private volatile boolean isWaiting;
        private volatile boolean isStopped;
        private long number;

        Writer(String ledger, int transfers) {
            this.ledger = ledger;
            this.transfers = transfers;
        }

        @Override
        public void run() {
            if (isStopped && !isWaiting) {
                return;
            }
            isWaiting = true;
            attempt(() -> {
                HttpResponse<String> answer = send();
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    requireRecorded(answer);
                    long sequence = sequence(answer);
                    lastSequence.get(ledger).accumulateAndGet(sequence, Math::max);
                    answered.addAndGet(transfers);
                    number++;
                    isWaiting = false;
                }
            });
        }

        private HttpResponse<String> send() {
            String path = "/v1/ledgers/" + ledger + "/transactions" + (transfers == 1 ? "" : "/batch");
            String body = transfers == 1
                    ? TRANSFER
                    : "{\"transactions\": [" + String.join(",", Collections.nCopies(transfers, TRANSFER)) + "]}";
            return daybook.send(
                    "POST",
                    path,
                    body,
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    "by " + transfers + ", number " + number);
        }

        private void requireRecorded(HttpResponse<String> answer) {
            if (transfers == 1) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                return;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JsonMapper.shared().readTree(answer.body()).path("results"))
                    .hasSize(transfers)
                    .allSatisfy(result -> assertThat(result.path("status").asInt())
                            .as("%s", result)
                            .isEqualTo(201));
        }

        void stop() {
            isStopped = true;
            await().atMost(SOON).until(() -> !isWaiting);
        }
    }

    private static long sequence(HttpResponse<String> answer) {
        return Long.parseLong(answer.headers().firstValue("Ledger-Sequence").orElseThrow());
    }

    /** Nobody may be refused or told something wrong; not to be answered is no failure here. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (UncheckedIOException notThere) {
            // It is tried again.
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    /** Every event but the first brings one unit, so an answer tells by itself whether it is right. */
    private void readAccount(String ledger) {
        long atLeast = lastSequence.get(ledger).get();
        HttpResponse<String> answer = daybook.send(
                "GET", "/v1/ledgers/" + ledger + "/accounts/a", "", "Min-Ledger-Sequence", Long.toString(atLeast));
        if (answer.statusCode() >= 500) {
            return;
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sequence(answer)).isGreaterThanOrEqualTo(atLeast);
        assertThat(balance(answer)).isEqualTo(sequence(answer) - 1);
        read.incrementAndGet();
    }

    private static long balance(HttpResponse<String> answer) {
        return JsonMapper.shared()
                .readTree(answer.body())
                .at("/balances/USD~12/balance")
                .asLong();
    }

    @BeforeAll
    void clients_write_and_read() throws Exception {
        daybook = new TestInstallation(folder.resolve("data"));
        daybook.up().successfully();
        for (String ledger : LEDGERS) {
            assertThat(daybook.send("PUT", "/v1/ledgers/" + ledger, "{}").statusCode())
                    .isEqualTo(201);
            lastSequence.put(ledger, new AtomicLong(1));
            Writer history = new Writer(ledger, HISTORY_BATCH);
            writers.add(history);
            for (int i = 0; i < HISTORY / HISTORY_BATCH; i++) {
                history.run();
            }
            assertThat(history.answered).hasValue(HISTORY);
        }
        for (String ledger : LEDGERS) {
            for (int transfers : new int[] {1, BATCH}) {
                Writer writer = new Writer(ledger, transfers);
                writers.add(writer);
                regularly(writer, WRITE_INTERVAL);
            }
        }
        regularly(() -> LEDGERS.forEach(ledger -> attempt(() -> readAccount(ledger))), READ_INTERVAL);
    }

    private void regularly(Runnable client, Duration interval) {
        clients.scheduleWithFixedDelay(client, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void no_answer_was_wrong() {
        assertThat(failures).isEmpty();
    }

    @AfterAll
    void takeDown() throws Exception {
        clients.shutdownNow();
        if (daybook != null) {
            daybook.close();
        }
    }

    private Part part(String name) {
        return daybook.facts().parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void kill(String name) {
        Part before = part(name);
        ProcessHandle process = ProcessHandle.of(before.pid()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().join();
        await("%s runs again".formatted(name)).atMost(SOON).untilAsserted(() -> {
            Part now = part(name);
            assertThat(now.restarts()).isEqualTo(before.restarts() + 1);
            assertThat(now.isAlive()).isTrue();
            assertThat(now.port()).isEqualTo(before.port());
        });
    }

    private void killApplication() {
        ProcessHandle application = daybook.facts().process().orElseThrow();
        assertThat(application.destroyForcibly()).isTrue();
        application.onExit().join();
    }

    private void clientsGoOn() {
        Map<Writer, Long> before = new HashMap<>();
        writers.stream().filter(this::isAtWork).forEach(writer -> before.put(writer, writer.answered.get()));
        long readBefore = read.get();
        await("clients go on")
                .atMost(SOON)
                .until(() -> !failures.isEmpty()
                        || read.get() >= readBefore + SOME
                                && before.entrySet().stream()
                                        .allMatch(writer ->
                                                writer.getKey().answered.get()
                                                        >= writer.getValue()
                                                                + (long) SOME * writer.getKey().transfers));
    }

    private boolean isAtWork(Writer writer) {
        return writer.transfers != HISTORY_BATCH;
    }

    private void allIsWell() {
        await("all is well").atMost(SOON).untilAsserted(() -> assertThat(
                        daybook.get("/v1/projections").path("data"))
                .hasSize(PROJECTIONS.size())
                .allSatisfy(projection -> {
                    assertThat(projection.path("state").asString()).isEqualTo("running");
                    assertThat(projection.path("parked").asLong()).isZero();
                }));
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "redis", "elasticsearch", "books", "event-store"})
    void a_replay_goes_on_when_a_service_was_killed(String service) throws Exception {
        clientsGoOn();
        Map<String, Integer> before = generations();
        Running replay = daybook.start("replay", "all");
        awaitBuilding(before);
        kill(service);
        replay.join();
        awaitExchanged(before);
        clientsGoOn();
        allIsWell();
    }

    @Test
    @Order(2)
    void a_replay_goes_on_when_the_application_was_killed_and_comes_up() throws Exception {
        Map<String, Integer> before = generations();
        Running replay = daybook.start("replay", "all");
        awaitBuilding(before);
        killApplication();
        replay.join();
        daybook.up().successfully();
        awaitExchanged(before);
        clientsGoOn();
        allIsWell();
    }

    private Map<String, Integer> generations() throws Exception {
        Map<String, Integer> generations = new HashMap<>();
        try (Connection books = daybook.postgres("books");
                ResultSet rows =
                        books.createStatement().executeQuery("select projection, live from projections.generation")) {
            while (rows.next()) {
                generations.put(rows.getString(1), rows.getInt(2));
            }
        }
        return generations;
    }

    /** Or it is done already. */
    private void awaitBuilding(Map<String, Integer> before) {
        await("a replay is under way")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try (Connection books = daybook.postgres("books");
                            ResultSet rows = books.createStatement()
                                    .executeQuery(
                                            "select count(*) from projections.generation where state = 'building'")) {
                        rows.next();
                        return rows.getInt(1) == PROJECTIONS.size()
                                || !generations().equals(before);
                    }
                });
    }

    private void awaitExchanged(Map<String, Integer> before) {
        await("the new generations are live").atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            try (Connection books = daybook.postgres("books");
                    ResultSet rows = books.createStatement()
                            .executeQuery("select projection, live, state, detail from projections.generation")) {
                while (rows.next()) {
                    assertThat(rows.getInt(2))
                            .as("%s: %s, %s", rows.getString(1), rows.getString(3), rows.getString(4))
                            .isGreaterThan(before.get(rows.getString(1)));
                }
            }
        });
    }

    @Test
    @Order(3)
    void what_was_answered_is_everywhere_once() throws Exception {
        writers.forEach(Writer::stop);
        clients.shutdown();

        for (String ledger : LEDGERS) {
            long answered = writers.stream()
                    .filter(writer -> writer.ledger.equals(ledger))
                    .mapToLong(writer -> writer.answered.get())
                    .sum();
            long events = answered + 1;
            String ofLedger = " from event where ledger = '" + ledger + "'";
            assertThat(number("event-store", "select count(*)" + ofLedger)).isEqualTo(events);
            assertThat(number("event-store", "select max(sequence)" + ofLedger)).isEqualTo(events);
            JsonNode found = daybook.get("/v1/ledgers/" + ledger, "Min-Ledger-Sequence", "" + events);
            assertThat(found.path("transactions").asLong()).isEqualTo(answered);
            assertThat(number("books", "select count(*)" + ofLedger)).isEqualTo(events);
            assertThat(number(
                            "books",
                            "select input - output from balance where account = 'a' and ledger = '" + ledger + "'"))
                    .isEqualTo(answered);
            await().atMost(SOON).untilAsserted(() -> assertThat(RedisReader.balances(daybook.port("redis"), ledger))
                    .isEqualTo(Map.of("a", BigInteger.valueOf(answered), "world", BigInteger.valueOf(-answered))));
            await().atMost(SOON).untilAsserted(() -> assertThat(indexed(ledger)).isEqualTo(events));
        }
        daybook.daybook("verify").successfully();
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
        assertThat(daybook.daybook("status").successfully().output()).contains("Daybook is at");
    }

    private long number(String part, String sql) throws Exception {
        try (Connection connection = daybook.postgres(part);
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private long indexed(String ledger) {
        int port = daybook.port("elasticsearch");
        daybook.sendTo(port, "POST", "/daybook-events/_refresh", "");
        HttpResponse<String> count = daybook.sendTo(
                port,
                "GET",
                "/daybook-events/_count?q=daybook.ledger:%22" + ledger + "%22",
                "",
                "Accept",
                "application/json");
        return JsonMapper.shared().readTree(count.body()).path("count").asLong();
    }
}
