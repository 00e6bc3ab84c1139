package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.acceptance.TestInstallation.Running;
import io.daybook.events.LedgerId;
import io.daybook.installation.Installation.Part;
import io.daybook.messages.EventsInKafka;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each process is killed by itself, while clients write and read and in the middle of a replay; the application also in the
 * middle of a dry run, and of a ledger that is posted anew. A client repeats a command until it is answered. What was answered
 * is in all books afterwards, once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillIT {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<String> LEDGERS = List.of("killed-a", "killed-b");
    private static final String KEYS = "killed-keys";
    private static final List<String> PROJECTIONS = List.of("audit", "balances", "books");

    /** Of the topic of events. */
    private static final int PARTITIONS = 12;

    /** So many transfers that a replay takes a moment. */
    private static final int HISTORY = 4_000;

    private static final int HISTORY_BATCH = 2_000;
    private static final int BATCH = 10;
    private static final Duration WRITE_INTERVAL = Duration.ofMillis(200);
    private static final Duration READ_INTERVAL = Duration.ofMillis(200);

    /** How many more commands are answered until it is said that clients go on. */
    private static final int SOME = 10;

    /** So many events of a ledger are posted anew before it is told how far that is. */
    private static final int POSTED_ANEW_AT_ONCE = 1_000;

    /** Who posts what is aside waits at its first token, with two threads; who compares waits with what it has found. */
    private static final int HALTED_IN_DRY_RUN = 2 + 2;

    private static final String TRANSFER =
            "{\"postings\": [{\"source\": \"world\", \"destination\": \"a\", \"asset\": \"USD/2\", \"amount\": 1}]}";

    @TempDir
    static Path folder;

    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(2 * LEDGERS.size() + 1);
    private final List<Writer> writers = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> lastSequence = new HashMap<>();
    private final AtomicLong read = new AtomicLong();
    private HttpResponse<String> unchanged;
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
        daybook.send("PUT", "/v1/ledgers/" + KEYS, "{}");
        setNote("v", "before");
        unchanged = setNote("v", "K");
        assertThat(unchanged.statusCode()).isEqualTo(200);
        killApplication();
        daybook.up().successfully();
        setNote("w", "after");
    }

    private HttpResponse<String> setNote(String note, String key) {
        return daybook.send(
                "PATCH",
                "/v1/ledgers/" + KEYS + "/metadata",
                "{\"note\":\"" + note + "\"}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key);
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
        awaitRestart(name, end(name));
    }

    /** What it was before. */
    private Part end(String name) {
        Part before = part(name);
        ProcessHandle process = ProcessHandle.of(before.pid()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().join();
        return before;
    }

    private void awaitRestart(String name, Part before) {
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
    @ValueSource(strings = "books")
    void a_replay_goes_on_when_a_service_was_killed(String service) throws Exception {
        killInReplay(service);
    }

    @Order(1)
    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "redis", "elasticsearch", "event-store"})
    void a_replay_goes_on_when_another_service_was_killed(String service) throws Exception {
        killInReplay(service);
    }

    private void killInReplay(String service) throws Exception {
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

    /**
     * Has those who write such a row wait in the middle of what they do, while the connection is there. The trigger is left:
     * to drop it would take the table from those who go on.
     *
     * @param row which, by what it is ({@code old}) and would be ({@code new})
     */
    private static void halt(Connection halting, String table, String row) throws SQLException {
        try (Statement statement = halting.createStatement()) {
            statement.execute("""
                    create or replace function projections.halt() returns trigger language plpgsql as $$
                    begin
                        perform pg_advisory_xact_lock_shared(1);
                        return new;
                    end $$;
                    create trigger halt before update on projections.%s for each row when (%s)
                        execute function projections.halt();
                    select pg_advisory_lock(1)
                    """.formatted(table, row));
        }
    }

    private void awaitHalted(int many) {
        await("%d wait in the middle of their work".formatted(many))
                .atMost(SOON)
                .until(() ->
                        number("books", "select count(*) from pg_stat_activity where wait_event = 'advisory'") == many);
    }

    /** The command ends when the databases have, and with them all that was halted. */
    private void killApplicationInTheMiddle(Running replay) throws Exception {
        killApplication();
        replay.join();
    }

    @Test
    @Order(3)
    void a_dry_run_goes_on_when_the_application_was_killed_while_it_built_and_while_it_compared() throws Exception {
        try (Connection halting = daybook.postgres("books")) {
            halt(
                    halting,
                    "token_entry",
                    "new.processor_name = 'balances-aside' and new.token is distinct from old.token");
            halt(halting, "generation", "new.wanted = 'discard'");
            Running replay = daybook.start("replay", "all", "--dry-run");
            awaitHalted(HALTED_IN_DRY_RUN);
            assertThat(told("select projection || ' ' || state || ' ' || dry_run from projections.generation"
                            + " where detail like 'comparing%'"))
                    .containsExactlyInAnyOrder("audit building true", "books building true");
            assertThat(RedisReader.generations(daybook.port("redis"))).hasSize(2);
            clientsGoOn();
            killApplicationInTheMiddle(replay);
        }
        daybook.up().successfully();

        await("the dry run is over").atMost(SOON).untilAsserted(() -> assertThat(
                        told("select concat_ws(' ', projection, state, wanted, detail) from projections.generation"))
                .containsExactlyInAnyOrder("audit no differences", "balances no differences", "books no differences"));
        clientsGoOn();
        allIsWell();
        nothingIsLeftAside();
    }

    private void nothingIsLeftAside() throws Exception {
        assertThat(told("select nspname from pg_namespace where nspname = 'books_aside'"))
                .isEmpty();
        assertThat(told("select processor_name from projections.token_entry where processor_name like '%-aside'"))
                .isEmpty();
        assertThat(RedisReader.generations(daybook.port("redis"))).hasSize(1);
        JsonNode indices = JsonMapper.shared()
                .readTree(daybook.sendTo(daybook.port("elasticsearch"), "GET", "/daybook-events*/_alias", "")
                        .body());
        assertThat(indices).isNotEmpty().allSatisfy(index -> assertThat(
                        index.path("aliases").has("daybook-events"))
                .as("%s", indices)
                .isTrue());
    }

    @Test
    @Order(4)
    void a_ledger_goes_on_being_posted_anew_when_the_application_was_killed() throws Exception {
        String ledger = LEDGERS.getFirst();
        loseInAudit(ledger, POSTED_ANEW_AT_ONCE / 2, POSTED_ANEW_AT_ONCE * 3 / 2, POSTED_ANEW_AT_ONCE * 5 / 2);
        try (Connection halting = daybook.postgres("books")) {
            halt(halting, "repair", "new.state = 'running' and new.reached > " + POSTED_ANEW_AT_ONCE);
            Running replay = daybook.start("replay", "all", "--ledger", ledger, "--source", "store");
            awaitHalted(PROJECTIONS.size());
            assertThat(told("select projection || ' ' || state || ' ' || reached from projections.repair"))
                    .containsExactlyInAnyOrder(
                            "audit running " + POSTED_ANEW_AT_ONCE,
                            "balances running " + POSTED_ANEW_AT_ONCE,
                            "books running " + POSTED_ANEW_AT_ONCE);
            killApplicationInTheMiddle(replay);
        }
        daybook.up().successfully();

        await("it is posted anew").atMost(SOON).untilAsserted(() -> assertThat(
                        told("select projection || ' ' || state from projections.repair"))
                .containsExactlyInAnyOrder("audit done", "balances done", "books done"));
        assertThat(told("select projection from projections.repair where events <= reached - " + POSTED_ANEW_AT_ONCE))
                .as("what need not begin again")
                .contains("audit", "balances");
        clientsGoOn();
        allIsWell();
        assertThat(RedisReader.keys(daybook.port("redis"), "*-anew")).isEmpty();
    }

    private void loseInAudit(String ledger, int... sequences) {
        int port = daybook.port("elasticsearch");
        String found = daybook.sendTo(
                        port, "POST", "/daybook-events/_search", """
                        {"_source": false, "query": {"bool": {"filter": [
                          {"term": {"daybook.ledger": "%s"}}, {"terms": {"event.sequence": %s}}]}}}
                        """.formatted(ledger, Arrays.toString(sequences)))
                .body();
        JsonNode events = JsonMapper.shared().readTree(found).at("/hits/hits");
        assertThat(events).as(found).hasSize(sequences.length);
        String deletions = events.valueStream()
                .map(event -> "{\"delete\": {\"_index\": %s, \"_id\": %s}}\n"
                        .formatted(event.path("_index"), event.path("_id")))
                .collect(Collectors.joining());
        HttpResponse<String> deleted = daybook.sendTo(port, "POST", "/_bulk?refresh=true", deletions);
        assertThat(JsonMapper.shared().readTree(deleted.body()).path("errors").asBoolean(true))
                .as(deleted.body())
                .isFalse();
    }

    private List<String> told(String sql) throws Exception {
        List<String> told = new ArrayList<>();
        try (Connection books = daybook.postgres("books");
                ResultSet rows = books.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                told.add(rows.getString(1));
            }
        }
        return told;
    }

    @Test
    @Order(5)
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
        HttpResponse<String> late = setNote("v", "K");
        assertThat(late.body()).isEqualTo(unchanged.body());
        assertThat(late.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(number("event-store", "select count(*) from event where ledger = '" + KEYS + "'"))
                .isEqualTo(3);
        assertThat(daybook.daybook("verify").successfully().output())
                .contains("1 commands that changed nothing are remembered beside them.");
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
        assertThat(daybook.daybook("status").successfully().output()).contains("Daybook is at");
    }

    /** Nothing tells of it but the batch that failed: no other event of its partition, and none of another ledger. */
    @Test
    @Order(6)
    void the_first_event_of_a_partition_is_posted_when_the_store_was_away_and_no_other_event_comes() {
        String ledger = inAnotherPartition();
        Part before = end("elasticsearch");
        assertThat(daybook.send("PUT", "/v1/ledgers/" + ledger, "{}").statusCode())
                .isEqualTo(201);
        awaitRestart("elasticsearch", before);

        await().atMost(SOON).untilAsserted(() -> assertThat(indexed(ledger)).isEqualTo(1));
        allIsWell();
    }

    private static String inAnotherPartition() {
        Set<Integer> taken = LEDGERS.stream().map(KillIT::partition).collect(Collectors.toSet());
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "alone-" + i)
                .filter(ledger -> !taken.contains(partition(ledger)))
                .findFirst()
                .orElseThrow();
    }

    private static int partition(String ledger) {
        return EventsInKafka.partition(new LedgerId(ledger), PARTITIONS);
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
