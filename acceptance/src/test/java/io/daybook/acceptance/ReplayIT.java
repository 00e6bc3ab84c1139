package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.acceptance.TestInstallation.Ran;
import io.daybook.acceptance.TestInstallation.Running;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replays by the command line, while clients write and read. */
@ExtendWith(SharedInstallation.class)
class ReplayIT {

    private static final int READERS = 3;
    private static final int CTRL_C = 3;

    /** So many transfers, so many times a second: 500 transfers/s. */
    private static final int BATCH = 50;

    private static final Duration BATCH_INTERVAL = Duration.ofMillis(100);

    /** Of each reader, after what it has read: without, three of them take the processors that the replay needs. */
    private static final Duration READ_INTERVAL = Duration.ofMillis(20);

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
        String ledger = "exchanged";
        open(ledger);
        AtomicLong answered = new AtomicLong(post(ledger));
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(1 + READERS);
        clients.scheduleAtFixedRate(
                () -> attempt(failures, () -> answered.set(postBatch(ledger))),
                0,
                BATCH_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
        for (int i = 0; i < READERS; i++) {
            clients.scheduleWithFixedDelay(
                    () -> attempt(failures, () -> readAll(ledger, answered.get())),
                    0,
                    READ_INTERVAL.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        long before = generation("books");

        daybook.daybook("replay", "all", "--parallel", "2").successfully();
        long written = answered.get();
        await().atMost(SOON).until(() -> answered.get() > written || !failures.isEmpty());
        clients.close();

        assertThat(failures).isEmpty();
        readAll(ledger, answered.get());
        assertThat(List.of("balances", "books", "audit")).allSatisfy(projection -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(generation(projection)).isGreaterThan(before)));
        assertThat(daybook.daybook("replay", "status").successfully().output()).contains("kept for a rollback");
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
    }

    private static void attempt(Queue<Throwable> failures, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private long postBatch(String ledger) {
        String posting = """
                {"postings": [{"source": "world", "destination": "a", "asset": "USD/2", "amount": 1}]}""";
        HttpResponse<String> answer = daybook.send(
                "POST",
                "/v1/ledgers/" + ledger + "/transactions/batch",
                "{\"transactions\": [" + String.join(",", Collections.nCopies(BATCH, posting)) + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return sequence(answer);
    }

    private long history(String ledger, int transfers) {
        open(ledger);
        long last = 1;
        for (int i = 0; i < transfers; i++) {
            last = post(ledger);
        }
        readAll(ledger, last);
        return last;
    }

    @Test
    void the_topic_is_deleted_and_made_anew_and_republished_and_a_replay_gives_equal_books() throws Exception {
        String ledger = "republished";
        history(ledger, 30);
        String bootstrapServers = "127.0.0.1:" + daybook.port("kafka");
        String topic = EventsInKafka.topic("daybook");
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.deleteTopics(List.of(topic)).all().get();
            await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic));
        }
        new EventsTopic(bootstrapServers, topic, 12, 1).declare();
        long last = post(ledger);
        readAll(ledger, last);
        assertThat(daybook.daybook("verify", "--ledger", ledger, "--against", "kafka")
                        .output())
                .contains("WRONG");

        assertThat(daybook.daybook("republish").successfully().output()).contains("filled again");

        last = post(ledger);
        readAll(ledger, last);
        daybook.daybook("verify", "--ledger", ledger).successfully();
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
        assertThat(daybook.daybook("republish", "--ledger", ledger)
                        .successfully()
                        .output())
                .contains("filled again");
        daybook.daybook("replay", "all").successfully();
        readAll(ledger, post(ledger));
    }

    @Test
    void what_was_lost_is_healed_and_the_rest_is_served_meanwhile() throws Exception {
        String ledger = "lost";
        long last = history(ledger, 20);
        String account = "/v1/ledgers/" + ledger + "/accounts/a";

        RedisClient client = RedisClient.create("redis://127.0.0.1:" + daybook.port("redis"));
        try (var redis = client.connect()) {
            redis.sync().flushall();
        } finally {
            client.shutdown();
        }
        assertThat(daybook.get(account).at("/balances/USD~12/balance").asLong()).isEqualTo(last - 1);
        daybook.daybook("replay", "balances").successfully();
        readAll(ledger, last);

        try (Connection books = daybook.postgres("books");
                Statement statement = books.createStatement()) {
            statement.execute("drop schema books cascade");
        }
        assertThat(daybook.get(account).at("/balances/USD~12/balance").asLong()).isEqualTo(last - 1);
        assertThat(daybook.send("GET", "/v1/ledgers/" + ledger + "/transactions", "")
                        .statusCode())
                .isEqualTo(503);
        last = post(ledger);
        daybook.daybook("replay", "books", "--source", "store").successfully();
        readAll(ledger, last);

        Rest5Client elasticsearch = Rest5Client.builder(URI.create("http://127.0.0.1:" + daybook.port("elasticsearch")))
                .build();
        try (elasticsearch) {
            for (JsonNode index : eventIndices(elasticsearch)) {
                elasticsearch.performRequest(
                        new Request("DELETE", "/" + index.path("index").asString()));
            }
        }
        readAll(ledger, last);
        assertThat(daybook.send("GET", "/v1/audit?kind=event&ledger=" + ledger, "")
                        .statusCode())
                .isEqualTo(503);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(daybook.daybook("projections").output())
                        .contains("audit is stopped", "'./daybook replay audit'"));
        daybook.daybook("replay", "audit", "--source", "store", "--parallel", "2")
                .successfully();
        assertThat(found(ledger)).isEqualTo(last);
        readAll(ledger, post(ledger));
    }

    private static JsonNode eventIndices(Rest5Client elasticsearch) throws IOException {
        Request request = new Request("GET", "/_cat/indices/daybook-events*");
        request.addParameter("format", "json");
        return JsonMapper.shared()
                .readTree(elasticsearch.performRequest(request).getEntity().getContent());
    }

    private long found(String ledger) {
        return daybook.get("/v1/audit?limit=1000&kind=event&ledger=" + ledger)
                .path("data")
                .size();
    }

    @Test
    void one_ledger_is_posted_anew_in_its_place() throws Exception {
        String ledger = "mended";
        long last = history(ledger, 20);
        try (Connection books = daybook.postgres("books");
                Statement statement = books.createStatement()) {
            assertThat(statement.executeUpdate(
                            "update books.balance set input = input + 7 where ledger = 'mended' and account = 'a'"))
                    .isOne();
        }
        assertThat(daybook.daybook("replay", "books", "--dry-run"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.output()).contains("balance mended a USD/2 is not the same in both"));

        assertThat(daybook.daybook("replay", "all", "--ledger", ledger, "--source", "store")
                        .successfully()
                        .output())
                .contains("books: ledger mended posted anew up to event " + last);

        readAll(ledger, post(ledger));
        assertThat(daybook.daybook("replay", "audit", "--ledger", ledger, "--from-sequence", "5")
                        .successfully()
                        .output())
                .contains("audit: ledger mended posted anew");
        assertThat(daybook.daybook("replay", "audit", "--ledger", ledger, "--from-sequence", "1000"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.errors()).contains("no events from 1000 on in mended"));
        assertThat(daybook.daybook("replay", "audit", "--from-time", "2026-01-01T00:00:00Z")
                        .successfully()
                        .output())
                .contains("audit: ledger mended posted anew");
        assertThat(daybook.daybook("replay", "all", "--dry-run").successfully().output())
                .contains("audit: no differences", "balances: no differences", "books: no differences");
    }

    private void inBooks(String sql) throws SQLException {
        try (Connection books = daybook.postgres("books");
                Statement statement = books.createStatement()) {
            statement.execute(sql);
        }
    }

    private String told(String sql) {
        try (Connection books = daybook.postgres("books");
                Statement statement = books.createStatement()) {
            ResultSet rows = statement.executeQuery(sql);
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Of the books' generation that is not live; with what is asked of it. */
    private String stateOfBooks() {
        return told(
                "select concat_ws(' wanted ', state, wanted) from projections.generation where projection = 'books'");
    }

    private String stateOfRepair(String ledger) {
        return told("select state from projections.repair where projection = 'books' and ledger = '" + ledger + "'");
    }

    private static void awaitErrors(Running command, String text) {
        await().atMost(SOON).until(() -> Files.readString(command.errors()).contains(text));
    }

    @Test
    void ctrl_c_pauses_what_the_command_has_asked_for_and_resume_goes_on_with_all_of_the_projection() throws Exception {
        String ledger = "interrupted";
        long last = history(ledger, 20);
        // Somebody else's, which does not go on, so that the replay has to wait at its end.
        inBooks("insert into projections.repair (projection, ledger, source, state, detail, updated_at)"
                + " values ('books', 'interrupted', 'store', 'running', 'it is away', now() + interval '1 day')");
        Running replay = daybook.startInterruptibly("replay", "books");
        awaitErrors(
                replay, "books 0 behind live, waiting for ledger interrupted, which is being posted anew (it is away)");

        replay.interrupt();

        Ran interrupted = replay.join();
        assertThat(interrupted.status()).isEqualTo(130);
        assertThat(interrupted.errors()).contains("Paused.");
        assertThat(stateOfBooks()).isEqualTo("paused");
        assertThat(stateOfRepair(ledger)).isEqualTo("running");
        assertThat(daybook.daybook("replay", "books"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.errors()).contains("is being built already, or is paused"));

        Running resumed = daybook.start("replay", "resume", "books");
        await().atMost(SOON).until(() -> stateOfBooks().equals("building"));
        assertThat(daybook.daybook("replay", "pause", "books").successfully().output())
                .contains("books: ledger interrupted is paused", "books: paused");
        assertThat(resumed.join())
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.output()).contains("books: paused"));

        assertThat(daybook.paste(interrupted.errors(), "./daybook replay resume books")
                        .successfully()
                        .output())
                .contains("books: ledger interrupted posted anew up to event " + last, "is live");
        readAll(ledger, post(ledger));
    }

    @Test
    void ctrl_c_pauses_on_a_terminal_too_where_there_is_a_bar(@TempDir Path folder) throws Exception {
        history("typed", 5);
        // The replay has to wait at its end.
        inBooks("insert into projections.repair (projection, ledger, source, state, detail, updated_at)"
                + " values ('books', 'typed', 'store', 'running', 'it is away', now() + interval '1 day')");
        Path printed = folder.resolve("printed");
        Process replay = daybook.startOnTerminal(printed, "replay", "books");
        try (OutputStream keyboard = replay.getOutputStream()) {
            await().atMost(SOON).until(() -> shown(printed).contains("Replaying"));

            keyboard.write(CTRL_C);
            keyboard.flush();

            assertThat(replay.waitFor()).isEqualTo(130);
        }
        assertThat(shown(printed)).contains("Paused.", "./daybook replay resume books");
        assertThat(stateOfBooks()).isEqualTo("paused");
        assertThat(daybook.daybook("replay", "discard", "books").successfully().output())
                .contains("books: ledger typed is given up", "books: discarded");
    }

    /** Whatever character the bar is in. */
    private static String shown(Path printed) throws IOException {
        return Files.readString(printed, StandardCharsets.ISO_8859_1);
    }

    @Test
    void ctrl_c_pauses_the_ledger_that_the_command_posts_anew_and_not_the_replay_of_others_and_discard_gives_it_up()
            throws Exception {
        String ledger = "given-up";
        history(ledger, 5);
        Running others;
        Ran interrupted;
        try (Connection held = daybook.postgres("books");
                Statement statement = held.createStatement()) {
            held.setAutoCommit(false);
            // As a batch that does not end: nothing is exchanged, and no ledger taken from the projection.
            statement.execute("select from projections.generation where projection = 'books' for key share");
            others = daybook.start("replay", "books");
            await().atMost(SOON).until(() -> stateOfBooks().equals("building"));
            Running repair = daybook.startInterruptibly("replay", "books", "--ledger", ledger);
            await().atMost(SOON).until(() -> stateOfRepair(ledger).equals("wanted"));

            repair.interrupt();

            interrupted = repair.join();
            held.rollback();
        }
        assertThat(interrupted.status()).isEqualTo(130);
        assertThat(interrupted.errors()).contains("Paused.");
        awaitErrors(others, "waiting for ledger given-up, which is being posted anew, but paused");
        assertThat(stateOfRepair(ledger)).isEqualTo("paused");
        assertThat(stateOfBooks()).isEqualTo("building");

        assertThat(daybook.paste(interrupted.errors(), "./daybook replay discard books")
                        .successfully()
                        .output())
                .contains("books: ledger given-up is given up");

        assertThat(others.join().successfully().output()).contains("is live");
        readAll(ledger, post(ledger));
        assertThat(daybook.daybook("replay", "discard", "books", "--ledger", ledger))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.errors()).contains("nothing to give up"));
    }

    @Test
    void the_books_before_are_brought_back_and_the_others_dropped() throws Exception {
        String ledger = "rolled-back";
        history(ledger, 5);
        String live = "select live from projections.generation where projection = 'books'";
        String before = told(live);
        daybook.daybook("replay", "books").successfully();
        long last = post(ledger);
        readAll(ledger, last);

        assertThat(daybook.daybook("replay", "rollback", "books").successfully().output())
                .contains("books: generation " + before + " is live");
        assertThat(told(live)).isEqualTo(before);
        readAll(ledger, last);
        assertThat(daybook.daybook("replay", "discard", "books").successfully().output())
                .contains("books: discarded");
        readAll(ledger, post(ledger));

        assertRefused("rollback", "there is no generation before this one any more");
        assertRefused("discard", "there is nothing aside to discard");
        assertRefused("pause", "nothing is being replayed that could be paused");
        assertRefused("resume", "nothing is paused that could be resumed");
    }

    private void assertRefused(String command, String reason) throws Exception {
        assertThat(daybook.daybook("replay", command, "books"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.output()).contains(reason));
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
        assertThat(daybook.daybook("replay", "books", "--ledger", "nobody"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.errors()).contains("There is no ledger 'nobody'"));
        assertCalledWrongly("cannot be posted from the middle", "books", "--ledger", "nobody", "--from-sequence", "2");
        assertCalledWrongly(
                "--parallel is for all that a projection has", "books", "--ledger", "nobody", "--parallel", "2");
        assertCalledWrongly("--dry-run compares all", "books", "--ledger", "nobody", "--dry-run");
        assertCalledWrongly("--parallel 13: it must be 1 to 12", "books", "--parallel", "13");
        assertThat(daybook.daybook("replay", "--ledger", "nobody", "discard", "books"))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(2))
                .satisfies(ran -> assertThat(ran.errors()).contains("--ledger is not for 'discard'"));
        assertCalledWrongly("say of which with --ledger", "audit", "--from-sequence", "2");
        assertCalledWrongly(
                "a ledger's first event has sequence 1", "audit", "--ledger", "nobody", "--from-sequence", "0");
        assertCalledWrongly("is not a time such as", "audit", "--from-time", "yesterday");
    }

    private void assertCalledWrongly(String reason, String... options) throws Exception {
        assertThat(daybook.daybook(
                        Stream.concat(Stream.of("replay"), Stream.of(options)).toArray(String[]::new)))
                .satisfies(ran -> assertThat(ran.status()).isEqualTo(2))
                .satisfies(ran -> assertThat(ran.errors()).contains(reason));
    }
}
