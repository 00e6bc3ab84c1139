package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is wrong with a request is told by a problem document, and nothing is written. */
class BadInputTest {

    private static final String TRANSACTIONS = "/v1/ledgers/acme/transactions";
    private static final String ALICE = "/v1/ledgers/acme/accounts/alice";
    private static final String HOLDS = "/v1/ledgers/acme/holds";
    private static final String EVENTS = "/v1/ledgers/acme/events";
    private static final String ID = "018f0000-0000-7000-8000-000000000001";
    private static final String GOOD_POSTING =
            "{\"source\":\"world\",\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":\"1\"}";

    private static CommandServer server;

    @BeforeAll
    static void start() {
        server = CommandServer.with();
        assertThat(send("PUT", "/v1/ledgers/acme", "{}", "application/json").statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothing_is_written() {
        assertThat(server.events()).isOne();
    }

    private static HttpResponse<String> send(String method, String path, String body, String contentType) {
        return server.send(method, path, body, "Content-Type", contentType);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("type").asString()).isEqualTo("https://daybook.io/problems/" + code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotEmpty();
        assertThat(problem.path("detail").asString()).isNotEmpty().doesNotContain("java.", "io.daybook", "Exception");
    }

    static Stream<Arguments> transactions() {
        String posting =
                "{\"postings\":[{\"source\":\"world\",\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":%s}]}";
        String asset = "{\"postings\":[{\"source\":\"world\",\"destination\":\"alice\",\"asset\":%s,\"amount\":1}]}";
        String source = "{\"postings\":[{\"source\":%s,\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":1}]}";
        String withField = "{%s,\"postings\":[" + GOOD_POSTING + "]}";
        String tooMany = IntStream.range(0, 1_001).mapToObj(i -> GOOD_POSTING).collect(Collectors.joining(","));
        return Stream.of(
                Arguments.of("{\"postings\":[", 400, "malformed-request", null),
                Arguments.of("", 400, "malformed-request", null),
                Arguments.of("null", 400, "malformed-request", null),
                Arguments.of("[]", 400, "invalid-field", "body"),
                Arguments.of("{\"postings\":[" + GOOD_POSTING + "]} x", 400, "malformed-request", null),
                Arguments.of(posting.formatted("1,\"amount\":2"), 400, "malformed-request", null),
                Arguments.of("{}", 400, "invalid-field", "postings"),
                Arguments.of("{\"postings\":[]}", 400, "invalid-field", "postings"),
                Arguments.of("{\"postings\":\"x\"}", 400, "invalid-field", "postings"),
                Arguments.of("{\"postings\":[null]}", 400, "invalid-field", "postings[0]"),
                Arguments.of("{\"postings\":[" + tooMany + "]}", 400, "invalid-field", "postings"),
                Arguments.of(posting.formatted("1,\"colour\":\"red\""), 400, "invalid-field", "postings[0].colour"),
                Arguments.of(withField.formatted("\"colour\":1"), 400, "invalid-field", "colour"),
                Arguments.of(posting.formatted("null"), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("1.5"), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("1.0"), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("1e3"), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("true"), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("\"ten\""), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("\"1.0\""), 400, "invalid-field", "postings[0].amount"),
                Arguments.of(posting.formatted("-1"), 422, "amount-out-of-range", null),
                Arguments.of(posting.formatted("\"-1\""), 422, "amount-out-of-range", null),
                Arguments.of(posting.formatted("0"), 422, "amount-out-of-range", null),
                Arguments.of(
                        posting.formatted("170141183460469231731687303715884105728"), 422, "amount-out-of-range", null),
                Arguments.of(posting.formatted("\"" + "9".repeat(5_000) + "\""), 422, "amount-out-of-range", null),
                Arguments.of(asset.formatted("\"usd\""), 400, "invalid-field", "postings[0].asset"),
                Arguments.of(asset.formatted("null"), 400, "invalid-field", "postings[0].asset"),
                Arguments.of(source.formatted("\"a b\""), 400, "invalid-field", "postings[0].source"),
                Arguments.of(source.formatted("7"), 400, "invalid-field", "postings[0].source"),
                Arguments.of(source.formatted("\"alice\""), 400, "invalid-field", "postings[0].destination"),
                Arguments.of(withField.formatted("\"id\":\"x\""), 400, "invalid-field", "id"),
                Arguments.of(withField.formatted("\"effectiveAt\":\"soon\""), 400, "invalid-field", "effectiveAt"),
                Arguments.of(withField.formatted("\"reference\":7"), 400, "invalid-field", "reference"),
                Arguments.of(withField.formatted("\"reference\":\"\""), 400, "invalid-field", "reference"),
                Arguments.of(withField.formatted("\"reference\":\"a\\u0000b\""), 400, "invalid-field", "reference"),
                Arguments.of(withField.formatted("\"reference\":\"\\ud800\""), 400, "invalid-field", "reference"),
                Arguments.of(withField.formatted("\"metadata\":{\"a\":1}"), 400, "invalid-field", "metadata.a"),
                Arguments.of(withField.formatted("\"metadata\":{\"a\":null}"), 400, "invalid-field", "metadata.a"),
                Arguments.of(withField.formatted("\"metadata\":{\"a\":{}}"), 400, "invalid-field", "metadata.a"));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void of_a_transaction(String body, int status, String code, String field) {
        HttpResponse<String> answer = send("POST", TRANSACTIONS, body, "application/json");
        assertProblem(answer, status, code);
        if (field != null) {
            assertThat(JsonMapper.shared()
                            .readTree(answer.body())
                            .at("/errors/0/field")
                            .asString())
                    .isEqualTo(field);
        }
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("PUT", "/v1/ledgers/ACME", "{}", 400, "invalid-field"),
                Arguments.of("PUT", "/v1/ledgers/other", "{\"region\":\"EU!\"}", 400, "invalid-field"),
                Arguments.of("PUT", "/v1/ledgers/acme", "{\"region\":\"mars\"}", 409, "ledger-exists"),
                Arguments.of(
                        "POST",
                        "/v1/ledgers/nope/transactions",
                        "{\"postings\":[" + GOOD_POSTING + "]}",
                        404,
                        "ledger-not-found"),
                Arguments.of("PUT", "/v1/ledgers/nope/accounts/alice", "{}", 404, "ledger-not-found"),
                Arguments.of("PUT", "/v1/ledgers/acme/accounts/a..b", "{}", 400, "invalid-field"),
                Arguments.of("PUT", "/v1/ledgers/acme/accounts/world", "{\"closed\":true}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"overdraft\":\"lots\"}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"overdraft\":{\"USD/2\":\"-5\"}}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"overdraft\":{\"USD/2\":1.5}}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"overdraft\":{\"usd\":\"5\"}}", 400, "invalid-field"),
                Arguments.of(
                        "PUT", ALICE, "{\"limits\":{\"USD/2\":{\"min\":\"5\",\"max\":\"1\"}}}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"limits\":{\"usd\":{\"min\":\"5\"}}}", 400, "invalid-field"),
                Arguments.of("PUT", ALICE, "{\"closed\":\"yes\"}", 400, "invalid-field"),
                Arguments.of("POST", TRANSACTIONS + "/batch", "{\"transactions\":[]}", 400, "invalid-field"),
                Arguments.of("POST", TRANSACTIONS + "/batch", "{\"transactions\":[null]}", 400, "invalid-field"),
                Arguments.of("POST", TRANSACTIONS + "/batch", tenThousandAndOne(), 400, "invalid-field"),
                Arguments.of("POST", TRANSACTIONS + "/no-uuid/reversal", "{}", 400, "invalid-field"),
                Arguments.of("POST", TRANSACTIONS + "/" + ID + "/reversal", "{}", 404, "transaction-not-found"),
                Arguments.of("POST", TRANSACTIONS + "/" + ID + "/reversal", "{\"id\":5}", 400, "invalid-field"),
                Arguments.of("POST", HOLDS, "{}", 400, "invalid-field"),
                Arguments.of("POST", HOLDS, hold("\"amount\":\"max\""), 400, "invalid-field"),
                Arguments.of("POST", HOLDS, hold("\"amount\":0"), 422, "amount-out-of-range"),
                Arguments.of("POST", HOLDS, hold("\"amount\":1,\"destination\":\"world\""), 400, "invalid-field"),
                Arguments.of("POST", HOLDS, hold("\"amount\":1,\"expiresAt\":\"soon\""), 400, "invalid-field"),
                Arguments.of("POST", HOLDS, hold("\"amount\":1,\"id\":\"one\""), 400, "invalid-field"),
                Arguments.of("POST", HOLDS, hold("\"amount\":1,\"until\":\"noon\""), 400, "invalid-field"),
                Arguments.of(
                        "POST",
                        HOLDS,
                        "{\"source\":\"alice\",\"asset\":\"USD/2\",\"amount\":1}",
                        422,
                        "insufficient-funds"),
                Arguments.of("POST", HOLDS + "/" + ID + "/capture", "{}", 404, "hold-not-found"),
                Arguments.of("POST", HOLDS + "/" + ID + "/capture", "{\"amount\":-1}", 422, "amount-out-of-range"),
                Arguments.of("POST", HOLDS + "/" + ID + "/capture", "{\"final\":\"yes\"}", 400, "invalid-field"),
                Arguments.of("POST", HOLDS + "/" + ID + "/void", "{}", 404, "hold-not-found"),
                Arguments.of("POST", HOLDS + "/" + ID + "/void", "{\"amount\":1}", 400, "invalid-field"),
                Arguments.of("PATCH", "/v1/ledgers/nope/metadata", "{\"k\":\"v\"}", 404, "ledger-not-found"),
                Arguments.of("PATCH", "/v1/ledgers/acme/metadata", "{\"k\":5}", 400, "invalid-field"),
                Arguments.of("PATCH", "/v1/ledgers/acme/metadata", "[]", 400, "invalid-field"),
                Arguments.of("PATCH", ALICE + "/metadata", "{\"k\":\"v\"}", 404, "account-not-found"),
                Arguments.of(
                        "PATCH", TRANSACTIONS + "/" + ID + "/metadata", "{\"k\":\"v\"}", 404, "transaction-not-found"),
                Arguments.of("DELETE", TRANSACTIONS, "", 405, "method-not-allowed"),
                Arguments.of("POST", "/v1/nothing-here", "{}", 404, "not-found"),
                Arguments.of("POST", TRANSACTIONS, "x".repeat(20_000_000), 413, "too-large"));
    }

    private static String hold(String fields) {
        return "{\"source\":\"world\",\"asset\":\"USD/2\"," + fields + "}";
    }

    private static String tenThousandAndOne() {
        return IntStream.range(0, 10_001)
                .mapToObj(i -> "{\"postings\":[" + GOOD_POSTING + "]}")
                .collect(Collectors.joining(",", "{\"transactions\":[", "]}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void of_a_request(String method, String path, String body, int status, String code) {
        assertProblem(send(method, path, body, "application/json"), status, code);
    }

    /** Half of a surrogate pair is no text: there is no UTF-8 of it, and no canonical JSON. */
    static Stream<Arguments> halvesOfPairs() {
        String transaction = "{%s,\"postings\":[" + GOOD_POSTING + "]}";
        String imported = "{\"ledger\":\"acme\",\"sequence\":2,\"id\":\"" + ID
                + "\",\"type\":\"daybook.metadata-changed.v1\",\"recordedAt\":\"2026-01-31T09:00:00Z\","
                + "\"requestId\":\"r\",\"actor\":\"a\",\"chain\":2,\"hash\":\"" + "00".repeat(32)
                + "\",\"data\":{\"metadata\":{\"k\":\"v\"}}}";
        return Stream.of("\\ud800", "\\udbff", "\\udc00", "\\udfff", "a\\udc00\\ud800b", "\\ud83d x")
                .flatMap(half -> Stream.of(
                        Arguments.of("POST", TRANSACTIONS, transaction.formatted("\"reference\":\"" + half + "\"")),
                        Arguments.of(
                                "POST", TRANSACTIONS, transaction.formatted("\"metadata\":{\"k\":\"" + half + "\"}")),
                        Arguments.of(
                                "POST", TRANSACTIONS, transaction.formatted("\"metadata\":{\"" + half + "\":\"v\"}")),
                        Arguments.of("POST", TRANSACTIONS, transaction.formatted("\"id\":\"" + half + "\"")),
                        Arguments.of(
                                "POST",
                                TRANSACTIONS + "/batch",
                                "{\"transactions\":[" + transaction.formatted("\"reference\":\"" + half + "\"") + "]}"),
                        Arguments.of(
                                "POST", TRANSACTIONS, "{\"postings\":[" + GOOD_POSTING.replace("alice", half) + "]}"),
                        Arguments.of(
                                "POST", TRANSACTIONS, "{\"postings\":[" + GOOD_POSTING.replace("USD", half) + "]}"),
                        Arguments.of(
                                "POST",
                                TRANSACTIONS + "/" + ID + "/reversal",
                                "{\"metadata\":{\"k\":\"" + half + "\"}}"),
                        Arguments.of("POST", HOLDS, hold("\"amount\":1,\"metadata\":{\"" + half + "\":\"\"}")),
                        Arguments.of("PUT", "/v1/ledgers/other", "{\"region\":\"" + half + "\"}"),
                        Arguments.of("PUT", "/v1/ledgers/other", "{\"metadata\":{\"k\":\"" + half + "\"}}"),
                        Arguments.of("PUT", ALICE, "{\"metadata\":{\"" + half + "\":\"v\"}}"),
                        Arguments.of("PATCH", "/v1/ledgers/acme/metadata", "{\"" + half + "\":\"v\"}"),
                        Arguments.of("PATCH", "/v1/ledgers/acme/metadata", "{\"" + half + "\":null}"),
                        Arguments.of("PATCH", ALICE + "/metadata", "{\"k\":\"" + half + "\"}"),
                        Arguments.of("POST", EVENTS, imported.replace("\"v\"", "\"" + half + "\"")),
                        Arguments.of("POST", EVENTS, imported.replace("\"k\"", "\"" + half + "\"")),
                        Arguments.of("POST", EVENTS, imported.replace("\"r\"", "\"" + half + "\"")),
                        Arguments.of("POST", EVENTS, imported.replace("\"a\"", "\"" + half + "\"")),
                        Arguments.of("POST", EVENTS, imported.replace("daybook.m", half))));
    }

    @ParameterizedTest
    @MethodSource("halvesOfPairs")
    void of_a_text_with_half_of_a_surrogate_pair(String method, String path, String escaped) throws Exception {
        String type = path.equals(EVENTS) ? "application/x-ndjson" : "application/json";
        HttpResponse<String> answer = send(method, path, escaped, type);
        // In a name of a member it is no JSON for the parser already.
        boolean isJson = !escaped.matches("(?s).*\"[^\"]*\\\\u[^\"]*\":.*") || path.equals(EVENTS);
        assertProblem(answer, 400, isJson ? "invalid-field" : "malformed-request");
        assertThat(answer.body()).doesNotContainPattern("\\\\u[dD][89a-fA-F]");

        // As if it had an UTF-8: three bytes that no UTF-8 has.
        byte[] raw = Pattern.compile("\\\\u(d[89a-f]..)")
                .matcher(escaped)
                .replaceAll(half -> {
                    int c = Integer.parseInt(half.group(1), 16);
                    return new String(
                            new char[] {(char) (0xE0 | c >> 12), (char) (0x80 | c >> 6 & 0x3F), (char) (0x80 | c & 0x3F)
                            });
                })
                .getBytes(StandardCharsets.ISO_8859_1);
        HttpRequest request = HttpRequest.newBuilder(server.uri(path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(raw))
                .header("Content-Type", type)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertProblem(http.send(request, HttpResponse.BodyHandlers.ofString()), 400, "malformed-request");
        }
    }

    @Test
    void of_a_content_type() {
        assertProblem(send("POST", TRANSACTIONS, "postings", "text/plain"), 415, "unsupported-media-type");
    }

    @Test
    void of_an_idempotency_key() {
        HttpResponse<String> answer = server.send(
                "POST", TRANSACTIONS, "{\"postings\":[" + GOOD_POSTING + "]}", "Idempotency-Key", "k".repeat(256));
        assertProblem(answer, 400, "invalid-field");
    }
}
