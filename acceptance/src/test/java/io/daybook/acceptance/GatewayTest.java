package io.daybook.acceptance;

import static io.daybook.acceptance.Peer.CUT;
import static io.daybook.acceptance.Peer.SILENCE;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the gateway does with requests, on the NGINX of this machine, before nodes that live, die, are slow and lie. */
class GatewayTest {

    private static final int LEDGERS = 40;

    @TempDir
    private static Path shared;

    private static TestCertificate certificate;

    @TempDir
    private Path folder;

    private Peer command;
    private Peer otherCommand;
    private Peer query;
    private Peer otherQuery;
    private Peer projections;
    private TestGateway gateway;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.in(shared);
    }

    @BeforeEach
    void startPeers() throws IOException {
        command = new Peer("command");
        otherCommand = new Peer("other-command");
        query = new Peer("query");
        otherQuery = new Peer("other-query");
        projections = new Peer("projections");
    }

    @AfterEach
    void stopAll() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        for (Peer peer : List.of(command, otherCommand, query, otherQuery, projections)) {
            peer.close();
        }
    }

    /** Two nodes of a shard, two nodes of queries. */
    private Map<String, String> variables(String... others) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "COMMANDS", "first=" + command.address() + "," + otherCommand.address(),
                "QUERIES", "here=" + query.address() + "," + otherQuery.address(),
                "PROJECTIONS", projections.address()));
        for (int i = 0; i < others.length; i += 2) {
            variables.put(others[i], others[i + 1]);
        }
        return variables;
    }

    private void start(String... others) throws Exception {
        gateway = new TestGateway(folder.resolve("gateway"), variables(others));
    }

    private static String post(String ledger) {
        return "/v1/ledgers/" + ledger + "/transactions";
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        Problem known = Problem.of(
                ProblemCode.valueOf(code.toUpperCase(java.util.Locale.ROOT).replace('-', '_')),
                problem.path("detail").asString());
        assertThat(problem).isEqualTo(JsonMapper.shared().valueToTree(known));
        assertThat(known.status()).isEqualTo(status);
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertRefused(answer, 503, "unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    // Rendering.

    /** As on a machine, in compose and in a cluster, with all there is. */
    private Map<String, String> home(String home) throws Exception {
        Path shards = Files.writeString(folder.resolve("shards"), "acme shard-2;\n");
        Path regions = Files.writeString(folder.resolve("regions"), "10.2.0.0/16 us;\n");
        return switch (home) {
            case "apart" -> variables("LISTEN", "127.0.0.1:" + TestGateway.freePort());
            case "compose" ->
                variables(
                        "LISTEN",
                        "127.0.0.1:" + TestGateway.freePort(),
                        "COMMANDS",
                        "shard-1=localhost:8080,localhost:8081 shard-2=localhost:8082",
                        "TLS",
                        shared.toString(),
                        "TLS_LISTEN",
                        "127.0.0.1:" + TestGateway.freePort(),
                        "SHARDS",
                        shards.toString(),
                        "L4",
                        "kafka.test=localhost:9094 postgres.test=localhost:5432",
                        "L4_LISTEN",
                        "127.0.0.1:" + TestGateway.freePort());
            default ->
                variables(
                        "LISTEN",
                        "127.0.0.1:" + TestGateway.freePort(),
                        "STATUS_LISTEN",
                        "127.0.0.1:" + TestGateway.freePort(),
                        "COMMANDS",
                        "shard-1=command-side-0.localhost:8080,command-side-1.localhost:8080",
                        "QUERIES",
                        "eu=query-side.localhost:8080*2 us=query-side-us.localhost:8080",
                        "TLS",
                        shared.toString(),
                        "TLS_LISTEN",
                        "127.0.0.1:" + TestGateway.freePort(),
                        "RESOLVER",
                        "127.0.0.53",
                        "REGIONS",
                        regions.toString());
        };
    }

    @ParameterizedTest
    @CsvSource({"apart,1.22.1", "compose,1.22.1", "apart,1.29.0", "compose,1.29.0", "cluster,1.29.0"})
    void every_home_is_rendered_for_every_version_and_read_by_nginx(String home, String version) throws Exception {
        Path rendered = folder.resolve("rendered");
        Map<String, String> variables = home(home);
        variables.put("NGINX", version);
        TestGateway.render(rendered, variables);
        boolean later = version.startsWith("1.29");
        boolean tls = variables.containsKey("TLS");
        String configuration = Files.readString(rendered.resolve("nginx.conf"));
        String upstreams = Files.readString(rendered.resolve("upstreams.conf"));
        assertThat(configuration.contains("http2 on;")).isEqualTo(later && tls);
        assertThat(configuration.contains(" ssl http2 ")).isEqualTo(!later && tls);
        assertThat(upstreams.contains(" resolve ")).isEqualTo(home.equals("cluster"));
        // What the version here cannot read is exactly this; names of a cluster are none here.
        Files.writeString(
                rendered.resolve("nginx.conf"),
                configuration.replace(" ssl default_server;\n    http2 on;", " ssl http2 default_server;"));
        Files.writeString(
                rendered.resolve("upstreams.conf"),
                upstreams
                        .replace(" resolve max_fails", " max_fails")
                        .replaceAll("server [a-z0-9-]+\\.localhost", "server localhost"));
        TestGateway.test(rendered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COMMANDS  | 127.0.0.1:8080        | is not a group of nodes",
                "QUERIES   | here=somewhere        | it is HOST:PORT",
                "QUERIES   | here=a:1*x            | it is HOST:PORT",
                "SHARDS    | /nowhere              | /nowhere cannot be read",
                "TLS       | /nowhere              | /nowhere/tls.crt cannot be read",
                "RESOLVER  | 127.0.0.1             | nginx 1.22.1 cannot",
                "NGINX     | none                  | there is no nginx here"
            })
    void what_cannot_be_is_refused_with_what_to_do(String variable, String value, String told) {
        Map<String, String> variables = variables("NGINX", "1.22.1");
        variables.put(variable, value);
        assertThatThrownBy(() -> TestGateway.render(folder.resolve("rendered"), variables))
                .hasMessageContaining("The gateway cannot be configured")
                .hasMessageContaining(told);
    }

    // Routes.

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/ledgers,query",
        "HEAD,/v1/ledgers/acme,query",
        "GET,/v1/ledgers/acme/accounts/users:1?at=2026-01-01T00:00:00Z,query",
        "GET,/v1/ledgers/acme/stream,query",
        "GET,/openapi,query",
        "GET,/webjars/swagger-ui/swagger-ui.css,query",
        "GET,/v1/ledgers/acme/keyed-commands,command",
        "PUT,/v1/ledgers/acme,command",
        "POST,/v1/ledgers/acme/transactions/batch,command",
        "PATCH,/v1/ledgers/acme/accounts/a/metadata,command",
        "POST,/v1/operations/republications,command",
        "GET,/v1/operations/republications/7,command",
        "POST,/v1/operations/replays,projections",
        "GET,/v1/operations/replays/7/ledgers,projections"
    })
    void a_request_goes_to_its_side_as_it_came(String method, String path, String side) throws Exception {
        start();
        assertThat(gateway.answers(method, path)).endsWith(side);
        assertThat(List.of(command, otherCommand, query, otherQuery, projections).stream()
                        .flatMap(peer -> peer.requests().stream())
                        .map(request -> request.method() + " " + request.path()))
                .containsExactly(method + " " + path);
    }

    @Test
    void what_is_no_route_is_refused_as_the_contract_says() throws Exception {
        start();
        for (String path :
                List.of("/", "/v1", "/health/readiness", "/metrics", "/v1/ledgers/", "/command", "/status")) {
            assertRefused(gateway.send("GET", path, ""), 404, "not-found");
        }
        HttpResponse<String> wrong = gateway.send("DELETE", "/v1/ledgers/acme/holds", "");
        assertRefused(wrong, 405, "method-not-allowed");
        assertThat(wrong.headers().firstValue("Allow")).contains("POST,GET,HEAD,OPTIONS");
        HttpResponse<String> options = gateway.send("OPTIONS", "/v1/ledgers/acme/holds", "");
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(options.headers().firstValue("Allow")).contains("POST,GET,HEAD,OPTIONS");
        assertRefused(gateway.send("GET", "/v1/ledgers/acme;v=1", ""), 400, "malformed-request");
    }

    // Commands.

    @Test
    void a_ledger_has_one_node_and_nodes_share_the_ledgers() throws Exception {
        start();
        Map<String, String> nodes = new HashMap<>();
        for (int i = 0; i < 2 * LEDGERS; i++) {
            String ledger = "l" + i % LEDGERS;
            String node = gateway.answers("POST", post(ledger));
            assertThat(nodes.putIfAbsent(ledger, node)).isIn(null, node);
        }
        assertThat(Set.copyOf(nodes.values())).containsExactlyInAnyOrder("command", "other-command");
    }

    @Test
    void the_ledgers_of_a_dead_node_are_answered_by_another_until_it_is_back() throws Exception {
        start();
        Map<String, String> before = new HashMap<>();
        for (int i = 0; i < LEDGERS; i++) {
            before.put("l" + i, gateway.answers("POST", post("l" + i)));
        }
        command.stop();
        // What is sent in the moment of its end is not sent again.
        await().untilAsserted(() -> {
            for (String ledger : before.keySet()) {
                assertThat(gateway.answers("POST", post(ledger))).isEqualTo("other-command");
            }
        });
        command.start();
        await().untilAsserted(() -> {
            for (Map.Entry<String, String> ledger : before.entrySet()) {
                assertThat(gateway.answers("POST", post(ledger.getKey()))).isEqualTo(ledger.getValue());
            }
        });
    }

    @Test
    void a_dead_shards_ledgers_are_answered_by_no_other_shard() throws Exception {
        Path shards = Files.writeString(folder.resolve("shards"), "moved second;\n");
        start(
                "COMMANDS",
                "first=" + command.address() + " second=" + otherCommand.address(),
                "SHARDS",
                shards.toString());
        assertThat(gateway.answers("POST", post("acme"))).isEqualTo("command");
        assertThat(gateway.answers("POST", post("moved"))).isEqualTo("other-command");
        otherCommand.stop();
        for (int i = 0; i < 5; i++) {
            assertUnavailable(gateway.send("POST", post("moved"), "{}"));
            assertThat(gateway.answers("POST", post("acme"))).isEqualTo("command");
        }
        assertThat(command.requests()).noneMatch(request -> request.path().contains("moved"));
    }

    @Test
    void a_post_that_was_sent_is_not_sent_again() throws Exception {
        start();
        command.behaves(request -> CUT);
        otherCommand.behaves(request -> CUT);
        for (int i = 0; i < 5; i++) {
            assertUnavailable(gateway.send("POST", post("l" + i), "{}"));
        }
        assertThat(command.requests().size() + otherCommand.requests().size()).isEqualTo(5);
    }

    @Test
    void a_put_that_is_sent_twice_has_a_key_so_that_it_is_done_once() throws Exception {
        start();
        command.behaves(request -> CUT);
        otherCommand.behaves(request -> CUT);
        assertUnavailable(gateway.send("PUT", "/v1/ledgers/acme", "{}"));
        assertThat(command.requests()).hasSize(1);
        String key = command.requests().getFirst().headers().get("idempotency-key");
        assertThat(key).startsWith("gateway-");
        assertThat(otherCommand.requests()).singleElement().satisfies(again -> assertThat(again.headers())
                .containsEntry("idempotency-key", key));
        assertUnavailable(gateway.send("PUT", "/v1/ledgers/acme", "{}", "Idempotency-Key", "mine"));
        assertThat(command.requests().getLast().headers()).containsEntry("idempotency-key", "mine");
        gateway.send("POST", post("acme"), "{}");
        assertThat(Set.of(command.requests().getLast(), otherCommand.requests().getLast()).stream()
                        .filter(request -> request.method().equals("POST")))
                .singleElement()
                .satisfies(sent -> assertThat(sent.headers()).doesNotContainKey("idempotency-key"));
    }

    @Test
    void a_request_that_ends_connections_takes_no_node_out_for_others() throws Exception {
        start("COMMANDS", "first=" + command.address() + "," + otherCommand.address());
        for (Peer peer : List.of(command, otherCommand)) {
            peer.behaves(request -> request.path().contains("poison") ? CUT : peer.answer(200, "", "{}"));
        }
        assertUnavailable(gateway.send("POST", post("poison"), "{}"));
        Set<String> nodes = IntStream.range(0, LEDGERS)
                .mapToObj(i -> {
                    try {
                        return gateway.answers("POST", post("l" + i));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .collect(toSet());
        assertThat(nodes).containsExactlyInAnyOrder("command", "other-command");
    }

    @Test
    void a_wrong_shard_is_corrected_once_with_the_whole_request() throws Exception {
        start("COMMANDS", "first=" + command.address() + " second=" + otherCommand.address());
        command.behaves(request -> command.answer(421, "Daybook-Shard: second\r\n", "{}"));
        HttpResponse<String> answer =
                gateway.send("PUT", "/v1/ledgers/moved?x=1", "{\"a\":1}", "Idempotency-Key", "mine");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(otherCommand.requests()).singleElement().satisfies(request -> {
            assertThat(request.method() + " " + request.path()).isEqualTo("PUT /v1/ledgers/moved?x=1");
            assertThat(request.body()).isEqualTo("{\"a\":1}");
            assertThat(request.headers()).containsEntry("idempotency-key", "mine");
        });

        otherCommand.behaves(request -> otherCommand.answer(421, "Daybook-Shard: first\r\n", "{\"no\":1}"));
        HttpResponse<String> turned = gateway.send("POST", post("moved"), "{}");
        assertThat(turned.statusCode()).isEqualTo(421);
        assertThat(turned.body()).isEqualTo("{\"no\":1}");
        assertThat(turned.headers().firstValue("Daybook-Shard")).contains("first");
        assertThat(command.requests()).hasSize(2);

        command.behaves(request -> command.answer(421, "Daybook-Shard: 127.0.0.1:1\r\n", "{}"));
        assertUnavailable(gateway.send("POST", post("moved"), "{}"));
    }

    @Test
    void what_a_node_refuses_is_passed_on_as_it_is() throws Exception {
        start("COMMANDS", "first=" + command.address());
        for (int status : new int[] {400, 404, 409, 422, 429, 500, 503}) {
            command.behaves(request -> command.answer(status, "Retry-After: 7\r\n", "{\"own\":" + status + "}"));
            HttpResponse<String> answer = gateway.send("POST", post("acme"), "{}");
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo("{\"own\":" + status + "}");
            assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        }
    }

    // Queries.

    @Test
    void a_query_is_asked_once_more_and_no_more() throws Exception {
        start();
        query.behaves(request -> CUT);
        for (int i = 0; i < 8; i++) {
            assertThat(gateway.answers("GET", "/v1/ledgers/acme/accounts")).isEqualTo("other-query");
        }
        otherQuery.behaves(request -> "HTTP/1.1 200 x\r\nno header\r\n\r\n");
        int before = query.requests().size() + otherQuery.requests().size();
        assertUnavailable(gateway.send("GET", "/v1/ledgers/acme/accounts", ""));
        assertThat(query.requests().size() + otherQuery.requests().size() - before)
                .isBetween(1, 2);
    }

    @Test
    void a_node_that_says_nothing_is_left_for_another() throws Exception {
        gateway = new TestGateway(
                folder.resolve("gateway"),
                variables(),
                places -> places.replace("proxy_read_timeout 20s;", "proxy_read_timeout 300ms;"));
        query.behaves(request -> SILENCE);
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.answers("GET", "/v1/ledgers")).isEqualTo("other-query");
        }
    }

    @Test
    void a_node_with_more_weight_answers_more() throws Exception {
        start("QUERIES", "here=" + query.address() + "*9," + otherQuery.address());
        int together = 40;
        CountDownLatch arrived = new CountDownLatch(together);
        for (Peer peer : List.of(query, otherQuery)) {
            peer.behaves(request -> {
                arrived.countDown();
                awaitAll(arrived);
                return peer.answer(200, "", "{}");
            });
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, together).forEach(i -> clients.submit(() -> gateway.answers("GET", "/v1/ledgers")));
        }
        assertThat(query.requests().size() + otherQuery.requests().size()).isEqualTo(together);
        assertThat(query.requests().size())
                .isGreaterThan(2 * otherQuery.requests().size());
    }

    private static void awaitAll(CountDownLatch arrived) {
        try {
            arrived.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void who_is_near_another_region_is_answered_there() throws Exception {
        Path regions = Files.writeString(folder.resolve("regions"), "127.0.0.2/32 us;\n");
        start("QUERIES", "eu=" + query.address() + " us=" + otherQuery.address(), "REGIONS", regions.toString());
        assertThat(gateway.answers("GET", "/v1/ledgers")).isEqualTo("query");
        try (Socket near = new Socket()) {
            near.bind(new InetSocketAddress("127.0.0.2", 0));
            near.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
            near.getOutputStream()
                    .write("GET /v1/ledgers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(near.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Peer: other-query");
        }
    }

    @Test
    void a_stream_is_passed_on_as_it_comes() throws Exception {
        start();
        for (Peer peer : List.of(query, otherQuery)) {
            peer.behaves(request -> "HTTP/1.1 200 x\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n");
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<java.io.InputStream> stream = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/ledgers/acme/stream"))
                            .header("Last-Event-ID", "7")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body()))) {
                assertThat(lines.readLine()).isEqualTo("data: one");
            }
            http.shutdownNow();
        }
        assertThat(List.of(query, otherQuery).stream().flatMap(peer -> peer.requests().stream()))
                .singleElement()
                .satisfies(request -> assertThat(request.headers()).containsEntry("last-event-id", "7"));
    }

    // What every request has.

    @Test
    void requests_are_named_and_what_traces_them_is_passed_on_and_logged() throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        String parent = "00-" + trace + "-00f067aa0ba902b7-01";
        start("COMMANDS", "first=" + command.address());
        command.behaves(request -> command.answer(200, "traceresponse: " + parent + "\r\n", "{}"));
        gateway.send(
                "POST",
                post("acme") + "?secret=1",
                "{}",
                "X-Request-Id",
                "mine-1",
                "traceparent",
                parent,
                "tracestate",
                "a=b",
                "X-Forwarded-For",
                "6.6.6.6");
        gateway.send("POST", post("acme"), "{}", "X-Request-Id", "not one: it has spaces");
        assertThat(command.requests().getFirst().headers())
                .containsEntry("x-request-id", "mine-1")
                .containsEntry("traceparent", parent)
                .containsEntry("tracestate", "a=b")
                .containsEntry("x-forwarded-for", "127.0.0.1");
        assertThat(command.requests().getLast().headers().get("x-request-id")).matches("[0-9a-f]{32}");

        List<String> lines = Files.readAllLines(gateway.accessLog());
        JsonNode line = JsonMapper.shared().readTree(lines.get(0));
        assertThat(lines.get(0)).doesNotContain("secret");
        assertThat(line.path("http.request.id").asString()).isEqualTo("mine-1");
        assertThat(line.path("trace.id").asString()).isEqualTo(trace);
        assertThat(line.path("url.path").asString()).isEqualTo(post("acme"));
        assertThat(line.path("http.request.method").asString()).isEqualTo("POST");
        assertThat(line.path("http.response.status_code").asInt()).isEqualTo(200);
        assertThat(line.path("event.duration").isIntegralNumber()).isTrue();
        assertThat(line.path("source.ip").asString()).isEqualTo("127.0.0.1");
        assertThat(line.path("daybook.side").asString()).isEqualTo("command");
        assertThat(line.path("daybook.node.addresses").asString()).isEqualTo(command.address());
    }

    @Test
    void what_is_too_large_is_refused_before_a_node_sees_it() throws Exception {
        start();
        assertRefused(gateway.send("POST", post("acme"), "x".repeat(16 * 1024 * 1024 + 1)), 413, "too-large");
        assertRefused(gateway.send("GET", "/v1/ledgers?cursor=" + "a".repeat(9_000), ""), 400, "malformed-request");
        assertRefused(gateway.send("GET", "/v1/ledgers", "", "X-Long", "a".repeat(9_000)), 400, "malformed-request");
        assertThat(List.of(command, otherCommand, query, otherQuery).stream().flatMap(peer -> peer.requests().stream()))
                .isEmpty();
        String body = "x".repeat(16 * 1024 * 1024);
        assertThat(gateway.send("POST", post("acme"), body).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void who_sends_too_much_is_told_when_to_come_again(String method) throws Exception {
        start("RATE", "1r/m", "BURST", "3");
        String path = method.equals("GET") ? "/v1/ledgers" : post("acme");
        for (int i = 0; i < 4; i++) {
            assertThat(gateway.send(method, path, "").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refusal = gateway.send(method, path, "");
        assertRefused(refusal, 429, "rate-limited");
        assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
    }

    // TLS, and what is not HTTP.

    @Test
    void tls_has_http_2_and_http_only_sends_on() throws Exception {
        int port = TestGateway.freePort();
        start(
                "TLS", shared.toString(),
                "TLS_LISTEN", "127.0.0.1:" + port,
                "ADDRESS", "https://localhost:" + port);
        HttpResponse<String> sentOn = gateway.send("POST", post("acme") + "?a=b", "{}");
        assertThat(sentOn.statusCode()).isEqualTo(308);
        assertThat(sentOn.headers().firstValue("Location"))
                .contains("https://localhost:" + port + post("acme") + "?a=b");
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(certificate.context()).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/ledgers"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
            HttpResponse<String> refusal = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/nothing"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertRefused(refusal, 404, "not-found");
            assertThat(refusal.headers().firstValue("Strict-Transport-Security"))
                    .isPresent();
        }
        assertThat(handshake(port, "localhost", "TLSv1.2")).isEqualTo("TLSv1.2");
        assertThat(handshake(port, "localhost", "TLSv1.3")).isEqualTo("TLSv1.3");
        assertThatThrownBy(() -> handshake(port, "localhost", "TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
    }

    private static String handshake(int port, String name, String protocol) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificate.context().getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            parameters.setProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    @Test
    void what_is_not_http_is_led_by_the_name_that_its_client_asks_for() throws Exception {
        int port = TestGateway.freePort();
        try (SSLServerSocket kafka = named("kafka");
                SSLServerSocket postgres = named("postgres")) {
            start(
                    "L4",
                    "kafka.test=127.0.0.1:" + kafka.getLocalPort() + " postgres.test=127.0.0.1:"
                            + postgres.getLocalPort(),
                    "L4_LISTEN",
                    "127.0.0.1:" + port);
            assertThat(greeting(port, "kafka.test")).isEqualTo("kafka");
            assertThat(greeting(port, "postgres.test")).isEqualTo("postgres");
            assertThatThrownBy(() -> greeting(port, "localhost")).isInstanceOf(IOException.class);
        }
    }

    /** A server that ends TLS itself, and says who it is. */
    private static SSLServerSocket named(String name) throws Exception {
        SSLServerSocket server = (SSLServerSocket) certificate
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (Socket client = server.accept()) {
                        client.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        return server;
    }

    private static String greeting(int port, String name) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificate.context().getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
