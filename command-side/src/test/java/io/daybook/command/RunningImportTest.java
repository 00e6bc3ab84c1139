package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.command.ledger.History;
import io.daybook.command.store.HoldDeadlines;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.stores.redis.OutcomeKeys;
import io.lettuce.core.RedisClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** While a ledger's history is being imported, nothing else is recorded in it: on any node, at any time. */
class RunningImportTest {

    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final UUID PAID = new UUID(1, 1);
    private static final String PAY =
            "{\"postings\":[{\"source\":\"world\",\"destination\":\"bob\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}";

    private static CommandServer node;
    private static CommandServer other;

    private LedgerId ledger;
    private String path;

    @BeforeAll
    static void start() {
        node = CommandServer.with();
        other = node.beside();
    }

    @AfterAll
    static void stop() {
        other.close();
        node.close();
    }

    @BeforeEach
    void nameLedger() {
        ledger = new LedgerId("l-" + UUID.randomUUID());
        path = "/v1/ledgers/" + ledger;
    }

    @AfterEach
    void the_head_tells_how_many_run() {
        assertThat(node.journal().queryForObject("select imports from journal_head", Integer.class))
                .isEqualTo(node.journal().queryForObject("select count(*) from running_import", Integer.class));
    }

    private static Posting pay(String destination) {
        return new Posting(AccountAddress.WORLD, new AccountAddress(destination), USD, Amount.of(100));
    }

    /** Of a ledger that was opened, paid into twice, and has a hold. */
    private List<String> history(Instant holdExpiresAt) {
        Instant recordedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return lines(
                recordedAt,
                new LedgerOpened(null, Map.of()),
                new TransactionPosted(PAID, "r", List.of(pay("alice")), recordedAt, Map.of()),
                new TransactionPosted(new UUID(2, 2), null, List.of(pay("carol")), recordedAt, Map.of()),
                new HoldPlaced(new UUID(3, 3), ALICE, null, USD, Amount.of(5), holdExpiresAt, Map.of()));
    }

    private List<String> history() {
        return history(Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    private List<String> lines(Instant recordedAt, LedgerEvent... events) {
        List<String> lines = new ArrayList<>();
        String hash = History.Head.none().hash();
        for (LedgerEvent event : events) {
            JournalEntry entry = JournalEntry.following(
                    hash, ledger, lines.size() + 1, UUID.randomUUID(), recordedAt, "r", "a", event, null);
            RecordedEvent recorded = entry.event();
            hash = recorded.hash();
            ObjectNode line = JsonMapper.shared().createObjectNode();
            line.put("sequence", recorded.sequence());
            line.put("id", recorded.id().toString());
            line.put("type", entry.type());
            line.put("recordedAt", recordedAt.toString());
            line.put("requestId", "r");
            line.put("actor", "a");
            line.put("chain", recorded.chain());
            line.set("data", JsonMapper.shared().readTree(LedgerEventJson.write(event)));
            line.put("hash", hash);
            lines.add(line.toString());
        }
        return lines;
    }

    private HttpResponse<String> append(CommandServer server, List<String> lines, boolean complete) {
        return server.send(
                "POST",
                path + "/events" + (complete ? "?complete=true" : ""),
                String.join("\n", lines),
                "Content-Type",
                "application/x-ndjson");
    }

    private void imported(CommandServer server, List<String> lines, boolean complete) {
        HttpResponse<String> answer = append(server, lines, complete);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private long sequence() {
        return node.journal()
                .queryForObject("select max(sequence) from event where ledger = ?", Long.class, ledger.value());
    }

    private static void assertInProgress(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("\"code\":\"import-in-progress\"", "complete=true");
    }

    private void assertTaken(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private HttpResponse<String> pay(CommandServer server) {
        return server.send("POST", path + "/transactions", PAY);
    }

    @Test
    void every_other_command_is_refused_on_every_node_until_the_history_is_complete() {
        List<String> lines = history();
        imported(node, lines.subList(0, 1), false);
        assertInProgress(pay(other));
        imported(node, lines.subList(1, 3), false);
        other.stop();
        other.start();

        for (CommandServer server : List.of(node, other)) {
            assertInProgress(server.send("PUT", path, "{}"));
            assertInProgress(server.send("PUT", path + "/accounts/alice", "{\"closed\":true}"));
            assertInProgress(server.send("PUT", path + "/accounts/alice", "{}"));
            assertInProgress(pay(server));
            assertInProgress(server.send("POST", path + "/transactions", PAY.replace("world", "nobody")));
            assertInProgress(server.send(
                    "POST", path + "/transactions/batch", "{\"transactions\":[%s,%s]}".formatted(PAY, PAY)));
            assertInProgress(server.send(
                    "POST",
                    path + "/transactions/batch",
                    "{\"atomic\":true,\"transactions\":[%s,%s]}".formatted(PAY, PAY)));
            assertInProgress(server.send("POST", path + "/transactions/" + PAID + "/reversal", "{}"));
            assertInProgress(server.send("PATCH", path + "/transactions/" + PAID + "/metadata", "{\"k\":\"v\"}"));
            assertInProgress(server.send("PATCH", path + "/accounts/alice/metadata", "{\"k\":\"v\"}"));
            assertInProgress(server.send("PATCH", path + "/metadata", "{\"k\":\"v\"}"));
            assertInProgress(server.send(
                    "POST", path + "/holds", "{\"source\":\"alice\",\"asset\":\"USD/2\",\"amount\":\"1\"}"));
            assertInProgress(server.send("POST", path + "/holds/" + UUID.randomUUID() + "/void", "{}"));
        }
        assertThat(sequence()).isEqualTo(3);

        node.stop();
        node.start();
        assertInProgress(pay(node));
        imported(other, lines, true);
        assertTaken(pay(node));
        assertTaken(pay(other));
        assertThat(sequence()).isEqualTo(6);
    }

    @Test
    void it_is_given_up_where_it_stands() {
        assertThat(append(node, List.of(), true).statusCode()).isEqualTo(404);
        List<String> lines = history();
        imported(node, lines.subList(0, 2), false);
        assertThat(append(node, List.of(), false).statusCode()).isEqualTo(400);
        assertInProgress(pay(node));

        for (CommandServer server : List.of(other, node)) {
            HttpResponse<String> ended = append(server, List.of(), true);
            assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
            JsonNode answer = JsonMapper.shared().readTree(ended.body());
            assertThat(answer.path("recorded").asInt()).isZero();
            assertThat(answer.path("repeated").asInt()).isZero();
            assertThat(answer.path("sequence").asInt()).isEqualTo(2);
            assertThat(answer.path("hash"))
                    .isEqualTo(JsonMapper.shared().readTree(lines.get(1)).path("hash"));
            assertThat(ended.headers().firstValue("Ledger-Sequence")).hasValue("2");
        }
        assertTaken(pay(node));
        assertThat(node.send("POST", path + "/events?complete=true", "").statusCode())
                .as("where there is no body, its type does not matter")
                .isEqualTo(200);
        assertThat(append(node, lines, true).statusCode())
                .as("the histories part")
                .isEqualTo(422);
        assertTaken(pay(node));
    }

    /** It appends nothing, so nothing but its row tells another node. */
    @Test
    void a_node_that_has_the_ledger_in_memory_learns_that_an_import_began_and_that_it_ended() {
        List<String> lines = history();
        imported(node, lines, true);
        assertTaken(pay(other));
        for (int i = 0; i < 3; i++) {
            imported(node, lines.subList(0, 2), false);
            assertInProgress(pay(other));
            assertInProgress(pay(node));
            imported(node, i == 1 ? lines.subList(0, 3) : List.of(), true);
            assertTaken(pay(other));
        }
        assertThat(sequence()).isEqualTo(8);
    }

    @Test
    void what_is_refused_neither_begins_an_import_nor_ends_one() {
        List<String> lines = history();
        List<String> broken = List.of(lines.getFirst(), lines.get(2));
        assertThat(append(node, broken, false).statusCode()).isEqualTo(422);
        assertThat(pay(node).statusCode()).as("there is no ledger").isEqualTo(404);
        imported(node, lines.subList(0, 2), true);
        assertThat(append(node, List.of(lines.get(3)), false).statusCode()).isEqualTo(422);
        assertTaken(pay(node));

        nameLedger();
        lines = history();
        imported(node, lines.subList(0, 2), false);
        assertThat(append(node, List.of(lines.get(3)), true).statusCode()).isEqualTo(422);
        assertInProgress(pay(node));
        imported(node, lines, true);
    }

    @Test
    void a_repeat_of_what_is_recorded_is_answered_as_ever() {
        List<String> lines = history();
        imported(node, lines, true);
        HttpResponse<String> first = node.send("POST", path + "/transactions", PAY, "Idempotency-Key", "once");
        assertTaken(first);
        imported(node, lines.subList(0, 2), false);

        HttpResponse<String> again = node.send("POST", path + "/transactions", PAY, "Idempotency-Key", "once");
        assertTaken(again);
        assertThat(again.body()).isEqualTo(first.body());
        assertInProgress(node.send("POST", path + "/transactions", PAY, "Idempotency-Key", "twice"));
        imported(node, List.of(), true);
        assertTaken(node.send("POST", path + "/transactions", PAY, "Idempotency-Key", "twice"));
    }

    @Test
    void the_outcome_of_an_asynchronous_command_is_the_same_refusal() {
        imported(node, history().subList(0, 2), false);
        HttpResponse<String> accepted = node.send("POST", path + "/transactions", PAY, "Prefer", "respond-async");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String location = accepted.headers().firstValue("Location").orElseThrow();
        String key = OutcomeKeys.of(UUID.fromString(location.substring(location.lastIndexOf('/') + 1)));
        try (RedisClient client = RedisClient.create(node.service("daybook.redis.uri"));
                var redis = client.connect()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                String stored = redis.sync().get(key);
                return stored != null && stored.contains("\"done\"");
            });
            JsonNode outcome = JsonMapper.shared().readTree(redis.sync().get(key));
            assertThat(outcome.path("status").asInt()).isEqualTo(409);
            assertThat(outcome.at("/body/code").asString()).isEqualTo("import-in-progress");
        }
        assertThat(sequence()).isEqualTo(2);
    }

    @Test
    void a_hold_whose_time_has_come_waits_until_the_import_ends() {
        Instant expiry = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MICROS);
        List<String> lines = history(expiry);
        imported(node, lines, true);
        imported(node, lines.subList(0, 1), false);
        LedgerId importing = ledger;
        nameLedger();
        List<String> later = history(expiry.plusMillis(1));
        imported(node, later, true);
        // The other one's was due before: both would be released by now.
        await().atMost(Duration.ofSeconds(30)).until(() -> sequence() == 5);
        assertThat(HoldDeadlines.due(node.journal(), Instant.now(), 1_000))
                .as("in nobody's way")
                .noneMatch(due -> due.ledger().equals(importing));

        ledger = importing;
        path = "/v1/ledgers/" + ledger;
        assertThat(sequence()).isEqualTo(4);
        imported(node, List.of(), true);
        await().atMost(Duration.ofSeconds(30)).until(() -> sequence() == 5);
    }

    /** From the answer to the first piece on; whatever is on its way on whichever node. */
    @Test
    void nothing_slips_in_between() throws Exception {
        List<String> lines = history();
        imported(node, lines, true);
        AtomicBoolean running = new AtomicBoolean(true);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> paying = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                CommandServer server = i % 2 == 0 ? node : other;
                paying.add(clients.submit(() -> {
                    while (running.get()) {
                        pay(server);
                    }
                }));
            }
            try {
                for (int i = 0; i < 15; i++) {
                    imported(i % 3 == 0 ? other : node, lines.subList(0, 2), false);
                    long standing = sequence();
                    assertInProgress(pay(node));
                    assertInProgress(pay(other));
                    assertThat(sequence()).isEqualTo(standing);
                    imported(i % 2 == 0 ? other : node, List.of(), true);
                    await().atMost(Duration.ofSeconds(30)).until(() -> sequence() > standing);
                }
            } finally {
                running.set(false);
            }
            for (Future<?> client : paying) {
                client.get();
            }
        }
    }
}
