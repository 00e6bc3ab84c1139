package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.acceptance.ReferenceLedger.Batch;
import io.daybook.acceptance.ReferenceLedger.Capture;
import io.daybook.acceptance.ReferenceLedger.Command;
import io.daybook.acceptance.ReferenceLedger.Configure;
import io.daybook.acceptance.ReferenceLedger.Outcome;
import io.daybook.acceptance.ReferenceLedger.Place;
import io.daybook.acceptance.ReferenceLedger.Post;
import io.daybook.acceptance.ReferenceLedger.Posting;
import io.daybook.acceptance.ReferenceLedger.Release;
import io.daybook.acceptance.ReferenceLedger.Reverse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that at once send what comes to their mind. Every answer says how far the ledger had come: in that order a
 * small ledger is asked the same, and must answer the same, refusals too.
 */
final class Model {

    /** Of so many answers, one is followed by a query. */
    private static final int QUERIED = 8;

    /** Of so many sequences, one is asked for again. */
    private static final int PAST_SAMPLED = 150;

    private static final List<String> ACCOUNTS = List.of("world", "a", "b", "c:1", "c:2");

    /** Sends a request until there is an answer to it, with a key if it may have to send it again. */
    @FunctionalInterface
    interface Sender {

        /**
         * @param sentAgain what was sent before may have been done
         */
        record Answer(HttpResponse<String> response, boolean sentAgain) {}

        Answer send(String method, String path, String body, @Nullable Long minSequence);
    }

    /**
     * @param sentAgain whether it was sent more than once, so that a repeat may be of itself
     * @param repeated whether it is an answer that was given to another one before
     */
    private record Answered(Command command, HttpResponse<String> answer, boolean sentAgain, boolean repeated) {

        Answered(Command command, Sender.Answer answer) {
            this(
                    command,
                    answer.response(),
                    answer.sentAgain(),
                    answer.response()
                            .headers()
                            .firstValue("Idempotent-Replayed")
                            .isPresent());
        }

        JsonNode body() {
            return JsonMapper.shared().readTree(answer.body());
        }

        long after() {
            return Long.parseLong(answer.headers().firstValue("Ledger-Sequence").orElseThrow());
        }

        /** It was done when it was sent first, and nobody heard of that. */
        Answered asTheFirst() {
            return new Answered(command, answer, sentAgain, false);
        }

        /** How many events the ledger had when the command was decided. */
        long decidedAt() {
            return after() - recorded();
        }

        int recorded() {
            if (command instanceof Batch) {
                return (int) body().path("results")
                        .valueStream()
                        .filter(result -> result.path("status").asInt() == 201)
                        .count();
            }
            return answer.statusCode() < 300 && !repeated ? 1 : 0;
        }

        List<Outcome> outcomes() {
            return command instanceof Batch
                    ? body().path("results")
                            .valueStream()
                            .map(result -> outcome(result.path("transaction"), result.path("problem"), false))
                            .toList()
                    : List.of(outcome(body(), body(), repeated));
        }

        private static Outcome outcome(JsonNode transaction, JsonNode problem, boolean repeated) {
            if (problem.has("code")) {
                Long available =
                        problem.has("available") ? problem.path("available").asLong() : null;
                return new Outcome(problem.path("code").asString(), List.of(), available);
            }
            return repeated
                    ? new Outcome(ReferenceLedger.REPEATED, List.of(), null)
                    : Outcome.done(transaction
                            .path("postings")
                            .valueStream()
                            .map(posting -> posting.path("amount").asLong())
                            .toList());
        }
    }

    /** What a query told while commands went on. */
    private record Seen(long sequence, String account, String numbers) {}

    private final TestInstallation daybook;
    private final Sender sender;
    private final int clients;
    private final IntPredicate goesOn;
    private final boolean batches;
    private final AtomicLong sent = new AtomicLong();
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final List<UUID> holds = new CopyOnWriteArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicLong overdrafts = new AtomicLong();
    private final String ledger;

    /**
     * @param clients how many there are at once
     * @param goesOn whether a client that has sent so many commands sends another one
     * @param batches whether there are batches among the commands. Sent again, what was refused of one is decided anew, and so they
     *     are left out where that happens
     */
    Model(TestInstallation daybook, Sender sender, long seed, int clients, IntPredicate goesOn, boolean batches) {
        this.daybook = daybook;
        this.sender = sender;
        this.clients = clients;
        this.goesOn = goesOn;
        this.batches = batches;
        this.ledger = "/v1/ledgers/model-" + seed + "-" + UUID.randomUUID();
    }

    /** Of an installation that nothing happens to. */
    static Model undisturbed(TestInstallation daybook, long seed) {
        return new Model(
                daybook,
                (method, path, body, minSequence) -> new Sender.Answer(
                        minSequence == null
                                ? daybook.send(method, path, body)
                                : daybook.send(method, path, body, "Min-Ledger-Sequence", "" + minSequence),
                        false),
                seed,
                16,
                sent -> sent < 150,
                true);
    }

    /** The path of its ledger, which it opens. */
    String ledger() {
        return ledger;
    }

    /** Has all clients send what comes to their mind, and compares what they were answered with the reference. */
    void compareWithReference(long seed) throws Exception {
        assertThat(sender.send("PUT", ledger, "{}", null).response().statusCode())
                .isIn(200, 201);
        List<Future<List<Answered>>> running = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < clients; i++) {
                SplittableRandom own = random.split();
                running.add(threads.submit(() -> client(own)));
            }
        }
        List<Answered> answers = new ArrayList<>();
        for (Future<List<Answered>> client : running) {
            answers.addAll(client.get());
        }
        assertThat(answers).hasSize(Math.toIntExact(sent.get())).isNotEmpty();
        answers = withFirsts(answers);
        Map<Long, List<Seen>> queried = seen.stream().collect(Collectors.groupingBy(Seen::sequence));

        ReferenceLedger reference = new ReferenceLedger();
        long sequence = 1; // the ledger has been opened
        // At one place, what was refused or repeated comes before what went on from there.
        answers.sort(Comparator.comparingLong(Answered::decidedAt).thenComparingInt(Answered::recorded));
        SplittableRandom sample = new SplittableRandom(seed);
        Map<Long, Map<String, String>> past = new TreeMap<>();
        for (Answered answered : answers) {
            assertThat(answered.decidedAt()).as("%s", answered.command()).isEqualTo(sequence);
            assertThat(answered.outcomes())
                    .as(
                            "%s after event %d: %s",
                            answered.command(), sequence, answered.answer().body())
                    .isEqualTo(reference.handle(answered.command()));
            sequence += answered.recorded();
            assertSeen(queried.getOrDefault(sequence, List.of()), reference);
            if (answered.recorded() > 0 && sample.nextInt(PAST_SAMPLED) == 0) {
                past.put(sequence, reference.books());
            }
        }
        assertThat(books("", sequence)).isEqualTo(reference.books());
        for (var then : past.entrySet()) {
            assertThat(books("&asOf=" + then.getKey(), sequence))
                    .as("as of %d", then.getKey())
                    .isEqualTo(then.getValue());
        }
        assertAvailableIsWhatIsTaken(reference, sequence);
        assertThat(answers.stream().filter(Answered::repeated)).isNotEmpty();
        assertRepeatsGaveTheFirstAnswer(answers);
    }

    /** Of what was sent again and had been done before, the first one is what did it. */
    private static List<Answered> withFirsts(List<Answered> answers) {
        Set<Long> recorded = answers.stream()
                .filter(answered -> answered.recorded() > 0)
                .map(Answered::after)
                .collect(Collectors.toSet());
        return answers.stream()
                .map(answered -> answered.sentAgain() && answered.repeated() && recorded.add(answered.after())
                        ? answered.asTheFirst()
                        : answered)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static void assertSeen(List<Seen> queries, ReferenceLedger reference) {
        queries.forEach(query -> assertThat(query.numbers())
                .as("%s at %d", query.account(), query.sequence())
                .satisfiesAnyOf(
                        numbers ->
                                assertThat(numbers).isEqualTo(reference.books().get(query.account())),
                        numbers -> {
                            assertThat(reference.books()).doesNotContainKey(query.account());
                            assertThat(numbers).startsWith("0 0 ");
                        }));
    }

    private static void assertRepeatsGaveTheFirstAnswer(List<Answered> answers) {
        Map<UUID, String> first = answers.stream()
                .filter(answered -> answered.command() instanceof Post && answered.recorded() == 1)
                .collect(Collectors.toMap(answered -> ((Post) answered.command()).id(), answered -> answered.answer()
                        .body()));
        answers.stream().filter(Answered::repeated).forEach(answered -> assertThat(
                        answered.answer().body())
                .isEqualTo(first.get(((Post) answered.command()).id())));
    }

    /** What queries tell to be available, one more is refused with, and "max" takes. */
    private void assertAvailableIsWhatIsTaken(ReferenceLedger reference, long sequence) {
        for (var account : reference.books().entrySet()) {
            JsonNode standing = daybook.get(
                            ledger + "/accounts/" + account.getKey(), "Min-Ledger-Sequence", "" + sequence)
                    .at("/balances")
                    .path("USD/2");
            assertThat(numbers(standing)).as(account.getKey()).isEqualTo(account.getValue());
            String available = standing.path("available").asString();
            if (!available.equals("unlimited")) {
                JsonNode refusal = JsonMapper.shared()
                        .readTree(send(spend(account.getKey(), Long.parseLong(available) + 1))
                                .response()
                                .body());
                assertThat(refusal.path("code").asString())
                        .isIn("insufficient-funds", "balance-limit", "account-closed");
                assertThat(refusal.path("available").asString(available)).isEqualTo(available);
                JsonNode taken = JsonMapper.shared()
                        .readTree(send(spend(account.getKey(), null)).response().body());
                assertThat(taken.at("/postings/0/amount").asString("0")).isEqualTo(available);
            }
        }
    }

    private static Post spend(String account, Long amount) {
        return new Post(UUID.randomUUID(), null, List.of(new Posting(account, "spent", amount)));
    }

    private Map<String, String> books(String moment, long sequence) {
        Map<String, String> books = new TreeMap<>();
        for (JsonNode account : daybook.get(
                        ledger + "/accounts?limit=1000" + moment, "Min-Ledger-Sequence", "" + sequence)
                .path("data")) {
            JsonNode standing = account.path("balances").path("USD/2");
            if (!numbers(standing).startsWith("0 0 ")) {
                books.put(account.path("account").asString(), numbers(standing));
            }
        }
        return books;
    }

    private static String numbers(JsonNode standing) {
        return standing.path("balance").asString("0") + " "
                + standing.path("held").asString("0") + " "
                + standing.path("available").asString("0");
    }

    private List<Answered> client(SplittableRandom random) {
        List<Answered> answers = new ArrayList<>();
        for (int i = 0; goesOn.test(i); i++) {
            Command command = next(random);
            sent.incrementAndGet();
            Answered answered = new Answered(command, send(command));
            answers.add(answered);
            if (random.nextInt(QUERIED) == 0) {
                query(oneOf(ACCOUNTS, random), answered.after());
            }
        }
        return answers;
    }

    /** What a client has heard of, it reads. */
    private void query(String account, long sequence) {
        HttpResponse<String> answer = sender.send("GET", ledger + "/accounts/" + account, "", sequence)
                .response();
        if (answer.statusCode() == 404) {
            return; // nothing was posted to it yet
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        long read =
                Long.parseLong(answer.headers().firstValue("Ledger-Sequence").orElseThrow());
        assertThat(read).isGreaterThanOrEqualTo(sequence);
        seen.add(new Seen(
                read,
                account,
                numbers(JsonMapper.shared()
                        .readTree(answer.body())
                        .at("/balances")
                        .path("USD/2"))));
    }

    private Command next(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 ->
                new Configure(
                        ACCOUNTS.get(1 + random.nextInt(ACCOUNTS.size() - 1)),
                        overdrafts.incrementAndGet(), // never the same again: each is an event
                        random.nextInt(3) == 0 ? (long) random.nextInt(-60, 60) : null,
                        random.nextInt(4) == 0);
            case 1, 2 -> batches ? batch(random) : post(random);
            case 3 -> posts.isEmpty() ? post(random) : oneOf(posts, random);
            case 4 -> {
                Post known = posts.isEmpty() ? post(random) : oneOf(posts, random);
                yield new Post(known.id(), known.reference(), List.of(posting(random)));
            }
            case 5, 6 ->
                new Reverse(
                        posts.isEmpty()
                                ? UUID.randomUUID()
                                : oneOf(posts, random).id());
            case 7, 8, 9 -> {
                UUID id = UUID.randomUUID();
                holds.add(id);
                yield new Place(id, oneOf(ACCOUNTS, random), 1 + random.nextInt(80));
            }
            case 10, 11 -> {
                Long amount = random.nextInt(3) == 0 ? null : 1L + random.nextInt(60);
                yield new Capture(hold(random), "d", amount, random.nextInt(3) == 0);
            }
            case 12 -> new Release(hold(random));
            default -> {
                Post post = post(random);
                posts.add(post);
                yield post;
            }
        };
    }

    private static Batch batch(SplittableRandom random) {
        return new Batch(
                random.nextBoolean(),
                IntStream.range(0, 1 + random.nextInt(5))
                        .mapToObj(i -> post(random))
                        .toList());
    }

    private UUID hold(SplittableRandom random) {
        return holds.isEmpty() ? UUID.randomUUID() : oneOf(holds, random);
    }

    private static Post post(SplittableRandom random) {
        String reference = random.nextInt(4) == 0 ? "r" + random.nextInt(200) : null;
        return new Post(
                UUID.randomUUID(),
                reference,
                IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(i -> posting(random))
                        .toList());
    }

    private static Posting posting(SplittableRandom random) {
        String source = oneOf(ACCOUNTS, random);
        String destination = oneOf(ACCOUNTS, random);
        Long amount = random.nextInt(8) == 0 ? null : 1L + random.nextInt(100);
        return source.equals(destination) ? new Posting(source, "d", amount) : new Posting(source, destination, amount);
    }

    private static <T> T oneOf(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private Sender.Answer send(Command command) {
        return switch (command) {
            case Configure(String account, long overdraft, Long min, boolean closed) ->
                send(
                        "PUT",
                        ledger + "/accounts/" + account,
                        "{\"overdraft\":{\"USD/2\":\"%d\"},\"limits\":%s,\"closed\":%s}"
                                .formatted(
                                        overdraft,
                                        min == null ? "{}" : "{\"USD/2\":{\"min\":\"" + min + "\"}}",
                                        closed));
            case Post post -> send("POST", ledger + "/transactions", json(post));
            case Batch(boolean atomic, List<Post> all) ->
                send(
                        "POST",
                        ledger + "/transactions/batch",
                        all.stream()
                                .map(Model::json)
                                .collect(Collectors.joining(
                                        ",", "{\"atomic\":" + atomic + ",\"transactions\":[", "]}")));
            case Reverse(UUID transaction) -> send("POST", ledger + "/transactions/" + transaction + "/reversal", "{}");
            case Place(UUID id, String source, long amount) ->
                send(
                        "POST",
                        ledger + "/holds",
                        "{\"id\":\"%s\",\"source\":\"%s\",\"asset\":\"USD/2\",\"amount\":%d}"
                                .formatted(id, source, amount));
            case Capture(UUID hold, String destination, Long amount, boolean last) ->
                send(
                        "POST",
                        ledger + "/holds/" + hold + "/capture",
                        "{%s\"destination\":\"%s\",\"final\":%s}"
                                .formatted(amount == null ? "" : "\"amount\":" + amount + ",", destination, last));
            case Release(UUID hold) -> send("POST", ledger + "/holds/" + hold + "/void", "{}");
        };
    }

    private Sender.Answer send(String method, String path, String body) {
        return sender.send(method, path, body, null);
    }

    private static String json(Post post) {
        return post.postings().stream()
                .map(posting -> "{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"USD/2\",\"amount\":%s}"
                        .formatted(
                                posting.source(),
                                posting.destination(),
                                posting.amount() == null ? "\"max\"" : posting.amount()))
                .collect(Collectors.joining(
                        ",",
                        "{\"id\":\"" + post.id() + "\","
                                + (post.reference() == null ? "" : "\"reference\":\"" + post.reference() + "\",")
                                + "\"postings\":[",
                        "]}"));
    }
}
