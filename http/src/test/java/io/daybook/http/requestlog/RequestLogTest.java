package io.daybook.http.requestlog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.command.Captures;
import io.daybook.http.HttpConfiguration;
import io.daybook.http.TraceContext;
import io.daybook.messages.RequestRecord;
import io.daybook.services.SharedServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** What a server with the log of requests tells Kafka of what comes in. */
class RequestLogTest {

    private static final String TOKEN = "a-token-that-nobody-may-see";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** That of the settings as they are if nothing is set. */
    private static final int CAPACITY = 10_000;

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({HttpConfiguration.class, RequestLogConfiguration.class, Captures.class})
    static class Server {}

    private static final SharedServices.Isolated SERVICES = SharedServices.get().isolated();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<ConsumerRecord<String, byte[]>> MESSAGES = new ArrayList<>();
    private static ConfigurableApplicationContext server;
    private static KafkaConsumer<String, byte[]> consumer;

    @BeforeAll
    static void start() {
        server = start(SERVICES.get("daybook.kafka.bootstrap-servers"));
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        SERVICES.get("daybook.kafka.bootstrap-servers"),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "test-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(SERVICES.get("daybook.kafka.topic-prefix") + ".requests"));
    }

    private static ConfigurableApplicationContext start(String kafka) {
        Map<String, Object> properties = new HashMap<>(SERVICES.properties());
        properties.put("daybook.kafka.bootstrap-servers", kafka);
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "error");
        SpringApplication application = new SpringApplication(Server.class);
        application.setDefaultProperties(properties);
        return application.run();
    }

    @AfterAll
    static void stop() {
        consumer.close();
        server.close();
        HTTP.close();
    }

    private static int port(ConfigurableApplicationContext server) {
        return ((WebServerApplicationContext) server).getWebServer().getPort();
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(server) + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends what no client library would. */
    private static String sendRaw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static ConsumerRecord<String, byte[]> message(Predicate<RequestRecord> wanted) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            consumer.poll(Duration.ofMillis(100)).forEach(MESSAGES::add);
                            return MESSAGES.stream()
                                    .filter(message -> wanted.test(RequestRecord.ofJson(message.value())))
                                    .findFirst();
                        },
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static RequestRecord recorded(Predicate<RequestRecord> wanted) {
        return RequestRecord.ofJson(message(wanted).value());
    }

    private static RequestRecord recorded(HttpResponse<?> answer) {
        String requestId = answer.headers().firstValue("X-Request-Id").orElseThrow();
        return recorded(request -> request.requestId().equals(requestId));
    }

    @Test
    void an_answered_request_is_recorded_with_who_what_and_how_long() {
        UUID hold = UUID.randomUUID();
        Instant before = Instant.now();
        HttpResponse<String> answer = send(
                "POST",
                "/v1/ledgers/acme/holds/" + hold + "/capture?access=hidden",
                "{\"text\":\"nobody's business\"}");

        RequestRecord request = recorded(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.asksForChange()).isTrue();
        assertThat(request.route()).isEqualTo("/v1/ledgers/{ledger}/holds/{id}/capture");
        assertThat(request.ledger()).isEqualTo("acme");
        assertThat(request.hold()).isEqualTo(hold.toString());
        assertThat(request.status()).isEqualTo(200);
        assertThat(request.problem()).isNull();
        assertThat(request.actor()).startsWith("token:");
        assertThat(request.requestBytes()).isEqualTo("{\"text\":\"nobody's business\"}".length());
        assertThat(request.responseBytes()).isEqualTo(answer.body().length());
        assertThat(request.durationNanos()).isPositive();
        assertThat(request.receivedAt()).isBetween(before.minusSeconds(1), Instant.now());
    }

    @Test
    void every_kind_of_refusal_is_recorded_with_its_code() throws IOException {
        String capture = "/v1/ledgers/acme/holds/" + UUID.randomUUID() + "/capture";
        assertRecorded(send("POST", capture, "{\"text\""), 400, "malformed-request", "{id}/capture", "acme");
        assertRecorded(send("POST", capture, "{\"text\":\"fail\"}"), 500, "internal-error", "{id}/capture", "acme");
        assertRecorded(send("GET", capture, ""), 405, "method-not-allowed", "{id}/capture", "acme");
        assertRecorded(
                send("POST", capture, "x".repeat(HttpConfiguration.MAX_BODY_BYTES + 1)),
                413,
                "too-large",
                "{id}/capture",
                "acme");
        assertRecorded(send("GET", "/v2/nothing", ""), 404, "not-found", null, null);
        assertRecorded(
                send("GET", "/v1/ledgers/" + TOKEN.toUpperCase() + "/holds/x/capture", ""), 405, null, "capture", null);

        assertThat(sendRaw("GET /%zz HTTP/1.1\r\nHost: x\r\nX-Request-Id: bad-uri\r\nConnection: close\r\n\r\n"))
                .contains("400");
        RequestRecord badUri = recorded(request -> request.requestId().equals("bad-uri"));
        assertThat(badUri.status()).isEqualTo(400);
        assertThat(badUri.problem()).isEqualTo("malformed-request");
        assertThat(sendRaw(TOKEN + "\r\n\r\n")).contains("400");
        RequestRecord noHttp = recorded(request -> request.method().equals("OTHER"));
        assertThat(noHttp.status()).isEqualTo(400);
        assertThat(noHttp.actor()).isEqualTo("anonymous");
    }

    private static void assertRecorded(
            HttpResponse<String> answer, int status, String problem, String endOfRoute, String ledger) {
        assertThat(answer.statusCode()).isEqualTo(status);
        RequestRecord request = recorded(answer);
        assertThat(request.status()).isEqualTo(status);
        if (problem != null) {
            assertThat(request.problem()).isEqualTo(problem);
        }
        if (endOfRoute == null) {
            assertThat(request.route()).isNull();
        } else {
            assertThat(request.route()).endsWith(endOfRoute);
        }
        assertThat(request.ledger()).isEqualTo(ledger);
    }

    @Test
    void a_repeated_request_id_hides_no_request() {
        String repeated = "retry-" + UUID.randomUUID();
        send("GET", "/openapi", "", "X-Request-Id", repeated);
        send("GET", "/openapi", "", "X-Request-Id", repeated);

        RequestRecord first = recorded(request -> request.requestId().equals(repeated));
        RequestRecord second = recorded(
                request -> request.requestId().equals(repeated) && !request.id().equals(first.id()));
        assertThat(second.traceId()).isEqualTo(first.traceId());
    }

    @Test
    void a_trace_goes_on_and_is_begun_where_there_is_none() {
        HttpResponse<String> traced = send(
                "GET", "/openapi", "", "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01", "tracestate", "vendor=1");
        ConsumerRecord<String, byte[]> message =
                message(request -> request.traceId().equals(TRACE));
        RequestRecord request = RequestRecord.ofJson(message.value());
        String goesOn = "00-" + TRACE + "-" + request.spanId() + "-01";
        assertThat(traced.headers().firstValue("traceresponse")).hasValue(goesOn);
        assertThat(header(message, "traceparent")).isEqualTo(goesOn);
        assertThat(header(message, "tracestate")).isEqualTo("vendor=1");
        assertThat(message.key()).isEqualTo(request.id());

        HttpResponse<String> untraced =
                send("GET", "/openapi", "", "traceparent", "00-" + TRACE + "-0000000000000000-01");
        RequestRecord begun = recorded(untraced);
        assertThat(begun.traceId()).isEqualTo(begun.requestId().replace("-", ""));
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void no_token_no_body_and_no_query_is_in_Kafka() {
        String secret = "secret-" + UUID.randomUUID();
        recorded(send(
                "POST", "/v1/ledgers/acme/holds/" + secret + "/capture?q=" + secret, "{\"text\":\"" + secret + "\"}"));
        recorded(send("POST", "/v1/ledgers/acme/holds/1/capture", "{\"" + secret));
        recorded(send("GET", "/" + secret, ""));
        recorded(send(
                "GET", "/openapi?" + secret, "", "Cookie", secret, "Idempotency-Key", secret, "Accept", secret + "/x"));

        for (ConsumerRecord<String, byte[]> message : MESSAGES) {
            assertHas(message, TOKEN, secret);
        }
        assertThat(MESSAGES).hasSizeGreaterThanOrEqualTo(4);
    }

    private static void assertHas(ConsumerRecord<String, byte[]> message, String... nothingOf) {
        StringBuilder raw = new StringBuilder(message.key()).append(new String(message.value(), ISO_8859_1));
        message.headers().forEach(header -> raw.append(new String(header.value(), ISO_8859_1)));
        assertThat(raw.toString()).doesNotContainIgnoringCase(nothingOf);
    }

    @Test
    void without_Kafka_requests_are_answered_and_what_does_not_fit_is_counted() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        ConfigurableApplicationContext alone = start("127.0.0.1:" + unused);
        try {
            RequestLog log = alone.getBean(RequestLog.class);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(alone) + "/openapi"))
                    .build();
            assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> log.waiting() == 1);

            RequestRecord record = recorded(send("GET", "/openapi", ""));
            TraceContext trace = new TraceContext(TRACE, "b7ad6b7169203331", "01", null, true);
            for (int i = 0; i < CAPACITY + 4; i++) {
                log.offer(record, trace);
            }
            assertThat(log.waiting()).isEqualTo(CAPACITY);
            assertThat(log.dropped()).isEqualTo(5);
            assertThat(log.sent()).isZero();
            assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> log.dropped() == 6);
        } finally {
            alone.close();
        }
    }
}
