package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.installation.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sides apart, two nodes of each, behind the gateway, with nodes that stop and nodes that are killed. */
class ApartIT {

    private static final List<String> SIDES = List.of("command-side", "projections", "query-side");
    private static final int CLIENTS = 4;

    /** After a kill, for so long something may be refused. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(10);

    private static final Duration BACK = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static TestInstallation daybook;

    @BeforeAll
    static void up() throws Exception {
        daybook = new TestInstallation(folder.resolve("data"));
        daybook.daybook(
                        "up",
                        "--detach",
                        "--port",
                        "" + daybook.port(),
                        "--apart",
                        "--command-nodes",
                        "2",
                        "--projection-nodes",
                        "2",
                        "--query-nodes",
                        "2")
                .successfully();
    }

    /** Verifies every ledger, too. */
    @AfterAll
    static void down() {
        daybook.close();
    }

    private static Installation.Part part(String name) {
        return daybook.facts().parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void status_tells_of_every_node_and_of_the_gateway() throws Exception {
        assertThat(daybook.daybook("status").successfully().output())
                .contains("command-side-1", "command-side-2", "projections-1", "projections-2")
                .contains("query-side-1", "query-side-2", "gateway");
    }

    @Test
    void a_node_has_no_server_or_container_among_its_libraries() throws Exception {
        for (String side : SIDES) {
            String libraries =
                    Files.readString(Path.of("/proc/" + part(side + "-1").pid() + "/cmdline"));
            assertThat(libraries).contains("daybook-" + side);
            try (var jar = new java.util.jar.JarFile(TestInstallation.HOME
                    .resolve("infra/standalone/target/lib")
                    .resolve(
                            Path.of(libraries.split("-jar\0")[1].split("\0")[0]).getFileName())
                    .toFile())) {
                assertThat(jar.getManifest().getMainAttributes().getValue("Class-Path"))
                        .contains("spring-boot")
                        .doesNotContain("testcontainers", "embedded", "daybook-services", "daybook-installation");
            }
        }
    }

    @Test
    void schemas_are_as_they_have_to_be_before_a_node_starts() throws Exception {
        assertThat(daybook.daybook("migrate").successfully().output())
                .contains("the event store is as this version needs it, after 0 migrations")
                .contains("the books are as this version needs them, after 0 migrations");
    }

    @Test
    void while_nodes_stop_nothing_is_refused_and_while_they_are_killed_only_for_a_moment() throws Exception {
        disturb(
                1,
                List.of("command-side-1", "query-side-1", "projections-1"),
                List.of("command-side-2", "query-side-2", "projections-2"));
    }

    @Tag("nightly")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {2, 3, 4})
    void so_it_is_for_other_orders_of_nodes(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        CompletableFuture<Void> imported = CompletableFuture.runAsync(() -> importSample());
        disturb(seed, nodes(random), nodes(random));
        imported.get(10, TimeUnit.MINUTES);
    }

    private static void importSample() {
        try {
            daybook.daybook("import", "--ledger", "bank", "samples/berka-1993.csv.gz")
                    .successfully();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All of them, each twice. */
    private static List<String> nodes(SplittableRandom random) {
        List<String> nodes = new ArrayList<>();
        for (String side : SIDES) {
            nodes.addAll(List.of(side + "-1", side + "-2", side + "-1", side + "-2"));
        }
        Collections.shuffle(nodes, new java.util.Random(random.nextLong()));
        return nodes;
    }

    /**
     * Runs the model test while nodes stop, one after the other, and then while others are killed.
     *
     * @param seed of what clients send
     */
    private static void disturb(long seed, List<String> stopped, List<String> killed) throws Exception {
        AtomicBoolean disturbed = new AtomicBoolean(true);
        List<Instant> kills = new CopyOnWriteArrayList<>();
        PersistentSender sender = new PersistentSender();
        Model model = new Model(daybook, sender, seed, CLIENTS, sent -> sent < 100 || disturbed.get(), false);
        CompletableFuture<Void> compared = CompletableFuture.runAsync(() -> {
            try {
                model.compareWithReference(seed);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        StreamFollower follower = new StreamFollower(model.ledger());
        try {
            for (String node : stopped) {
                int before = part(node).restarts();
                signal(node, "TERM");
                await(node + " is back").atMost(BACK).until(() -> part(node).restarts() > before);
            }
            for (String node : killed) {
                int before = part(node).restarts();
                kills.add(Instant.now());
                signal(node, "KILL");
                if (node.startsWith("command-side")) {
                    assertWorkIsTakenOver(sender);
                }
                await(node + " is back").atMost(BACK).until(() -> part(node).restarts() > before);
            }
        } finally {
            disturbed.set(false);
            compared.get(5, TimeUnit.MINUTES);
            follower.end();
        }
        assertThat(sender.refusals()).allSatisfy(refusal -> {
            assertThat(refusal.status()).isIn(502, 503);
            assertThat(refusal.retryAfter()).isTrue();
            assertThat(kills)
                    .as("%s, and killed was at %s", refusal, kills)
                    .anyMatch(kill -> !refusal.at().isBefore(kill)
                            && Duration.between(kill, refusal.at()).compareTo(TAKEN_OVER) <= 0);
        });
    }

    /** What one command-side node does for all, another does when that one is gone. */
    private static void assertWorkIsTakenOver(PersistentSender sender) {
        String ledger = "/v1/ledgers/taken-over-" + UUID.randomUUID();
        UUID hold = UUID.randomUUID();
        sender.send("PUT", ledger, "{}", null);
        String expiring = "{\"id\":\"%s\",\"source\":\"world\",\"asset\":\"USD/2\",\"amount\":1,\"expiresAt\":\"%s\"}"
                .formatted(hold, Instant.now().plusSeconds(2));
        assertThat(sender.send("POST", ledger + "/holds", expiring, null)
                        .response()
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> accepted = sender.sendLater(
                ledger + "/transactions",
                "{\"postings\":[{\"source\":\"world\",\"destination\":\"a\",\"asset\":\"USD/2\",\"amount\":1}]}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String outcome = accepted.headers().firstValue("Location").orElseThrow();
        await("an expiry after a kill").atMost(BACK).until(() -> read(sender, ledger + "/holds/" + hold)
                .contains("\"state\":\"expired\""));
        await("an asynchronous command after a kill").atMost(BACK).until(() -> read(sender, outcome)
                .contains("\"status\":201"));
    }

    private static String read(PersistentSender sender, String path) {
        return sender.send("GET", path, "", null).response().body();
    }

    private static void signal(String node, String signal) throws Exception {
        int status = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(part(node).pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    /**
     * A client that does not give up: what was refused for now it sends again, with the key that it sent before.
     */
    private static final class PersistentSender implements Model.Sender {

        /**
         * @param retryAfter whether it was told when to come again
         */
        record Refusal(Instant at, int status, boolean retryAfter, String what) {}

        private final List<Refusal> refusals = new CopyOnWriteArrayList<>();

        List<Refusal> refusals() {
            return refusals;
        }

        @Override
        public Answer send(String method, String path, String body, @Nullable Long minSequence) {
            List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
            if (minSequence != null) {
                headers.addAll(List.of("Min-Ledger-Sequence", minSequence.toString()));
            }
            if (!method.equals("GET")) {
                headers.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
            }
            return sendWith(headers, method, path, body);
        }

        HttpResponse<String> sendLater(String path, String body) {
            List<String> headers = List.of(
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    UUID.randomUUID().toString(),
                    "Prefer",
                    "respond-async");
            return sendWith(headers, "POST", path, body).response();
        }

        private Answer sendWith(List<String> headers, String method, String path, String body) {
            AtomicBoolean sentAgain = new AtomicBoolean();
            AtomicReference<HttpResponse<String>> answer = new AtomicReference<>();
            await().atMost(BACK)
                    .pollInterval(Duration.ofMillis(200))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        Instant began = Instant.now();
                        HttpResponse<String> response =
                                daybook.send(method, path, body, headers.toArray(String[]::new));
                        if (response.statusCode() >= 500 || response.statusCode() == 429) {
                            refusals.add(new Refusal(
                                    Instant.now(),
                                    response.statusCode(),
                                    response.headers().firstValue("Retry-After").isPresent(),
                                    method + " " + path + " since " + began + ": " + response.body()));
                            sentAgain.set(true);
                            return false;
                        }
                        answer.set(response);
                        return true;
                    });
            return new Answer(answer.get(), sentAgain.get());
        }
    }

    /** Listens to a ledger, and when its stream ends, from where it has come. */
    private static final class StreamFollower {

        private final List<Long> heard = new CopyOnWriteArrayList<>();
        private final HttpClient http = HttpClient.newHttpClient();
        private final AtomicInteger streams = new AtomicInteger();
        private final String ledger;
        private volatile boolean ends;

        StreamFollower(String ledger) {
            this.ledger = ledger;
            Thread.ofVirtual().start(() -> {
                while (!ends) {
                    follow();
                }
            });
        }

        private void follow() {
            long last = heard.isEmpty() ? 0 : heard.getLast();
            try {
                HttpResponse<Stream<String>> stream = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daybook.port() + ledger + "/stream"))
                                .header("Last-Event-ID", "" + last)
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
                if (stream.statusCode() == 200) {
                    streams.incrementAndGet();
                    stream.body()
                            .filter(line -> line.startsWith("id:"))
                            .forEach(line -> heard.add(Long.parseLong(
                                    line.substring("id:".length()).strip())));
                }
            } catch (IOException | UncheckedIOException cutOff) {
                // It goes on from where it was.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Fails if something was not heard, or twice. */
        void end() {
            long last = Long.parseLong(daybook.send("GET", ledger, "")
                    .headers()
                    .firstValue("Ledger-Sequence")
                    .orElseThrow());
            await().atMost(BACK).until(() -> !heard.isEmpty() && heard.getLast() >= last);
            ends = true;
            http.shutdownNow();
            List<Long> all = List.copyOf(heard);
            assertThat(all)
                    .isEqualTo(LongStream.rangeClosed(1, all.getLast()).boxed().toList());
            assertThat(streams.get()).as("streams, as nodes ended").isGreaterThan(1);
        }
    }
}
