package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** What Spring, Tomcat and Jackson say of themselves; a client of Daybook knows none of them. */
    private static final String[] WORDS_OF_FRAMEWORKS = {
        "spring",
        "tomcat",
        "servlet",
        "jackson",
        "jsonreadfeature",
        "streamread",
        "static resource",
        "token",
        "unexpected character",
        "unexpected end",
        "expected close marker",
        "object entry",
        "object property",
        "deserialize",
        "is not supported",
        "mime",
        "request header",
        "request parameter",
        "handler",
        "multipart"
    };

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

    private int before;

    @BeforeEach
    void count_what_is_written() {
        before = server.events();
    }

    @AfterEach
    void nothing_is_written() {
        assertThat(server.events()).isEqualTo(before);
    }

    private static HttpResponse<String> send(String method, String path, String body, String contentType) {
        return server.send(method, path, body, "Content-Type", contentType);
    }

    /** A refusal of what cannot be read, as a whole or in one field. */
    private static void assertUnreadable(HttpResponse<String> answer) {
        String code = JsonMapper.shared().readTree(answer.body()).path("code").asString();
        assertThat(code).isIn("malformed-request", "invalid-field");
        assertProblem(answer, 400, code);
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
        assertThat(problem.path("detail").asString())
                .isNotEmpty()
                .doesNotContain("java.", "io.daybook", "Exception")
                .doesNotContainIgnoringCase(WORDS_OF_FRAMEWORKS);
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

    /** Everything that is not JSON, or more of it than is read. */
    static Stream<String> notJson() {
        return Stream.of(
                "{'postings':[]}",
                "{postings:[]}",
                "{\"postings\":[],}",
                "{\"postings\":[1,]}",
                "{\"postings\":[]",
                "{\"postings\":\"abc",
                "{\"postings\" []}",
                "{\"postings\":[]}}",
                "{\"postings\":[]} // done",
                "/* so */ {\"postings\":[]}",
                "# so\n{}",
                "{\"reference\":\"a\nb\"}",
                "{\"reference\":\"\\x41\"}",
                "{\"reference\":\"\\u00g0\"}",
                "{\"reference\":tru}",
                "{\"reference\":NaN}",
                "{\"reference\":Infinity}",
                "{\"reference\":-Infinity}",
                "{\"amount\":01}",
                "{\"amount\":+1}",
                "{\"amount\":.5}",
                "{\"amount\":1.}",
                "{\"amount\":1e}",
                "{\"amount\":0x10}",
                "{\"amount\":-}",
                "<postings/>",
                "postings=1",
                "\u0001",
                "]",
                "{\"id\":1,\"id\":2}",
                "{\"id\":\"" + ID + "\",\"id\":\"" + ID + "\"}",
                "[".repeat(100_000),
                "{\"metadata\":" + "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_001),
                "{\"" + "n".repeat(60_000) + "\":1}");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void of_what_is_not_json(String body) {
        assertUnreadable(send("POST", TRANSACTIONS, body, "application/json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void of_bytes_that_are_not_utf_8(String method) {
        String path = method.equals("POST") ? TRANSACTIONS : method.equals("PUT") ? ALICE : ALICE + "/metadata";
        byte[] latin = "{\"reference\":\"Z\u00fcrich\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertProblem(server.send(method, path, latin), 400, "malformed-request");
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of("9".repeat(900), 422, "amount-out-of-range"),
                Arguments.of("9".repeat(5_000), 400, "malformed-request"),
                Arguments.of("1e999999999", 400, "invalid-field"),
                Arguments.of("1E5", 400, "invalid-field"),
                Arguments.of("0.1e1", 400, "invalid-field"),
                Arguments.of("-0", 422, "amount-out-of-range"),
                Arguments.of("[1]", 400, "invalid-field"),
                Arguments.of("{\"a\":1}", 400, "invalid-field"),
                Arguments.of("[]", 400, "invalid-field"),
                Arguments.of("\"\"", 400, "invalid-field"),
                Arguments.of("\" 1\"", 400, "invalid-field"),
                Arguments.of("\"\u0661\"", 400, "invalid-field"));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void of_an_amount(String amount, int status, String code) {
        String body = "{\"postings\":[{\"source\":\"world\",\"destination\":\"alice\",\"asset\":\"USD/2\",\"amount\":"
                + amount + "}]}";
        assertProblem(send("POST", TRANSACTIONS, body, "application/json"), status, code);
        assertUnreadable(send("PUT", ALICE, "{\"overdraft\":{\"USD/2\":-" + amount + "}}", "application/json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ledgers/acme/accounts/a;v=1",
                "/v1/ledgers/acme/accounts/a;",
                "/v1/ledgers/acme/accounts/;/",
                "/v1/ledgers/acme;jsessionid=1/accounts/a",
                "/v1/ledgers;x/acme/accounts/a",
                "/v1;x=y/ledgers/other",
                "/v1/ledgers/other;x",
                "/v1/ledgers/other%3Bx",
                "/v1/ledgers/acme/accounts/a%3Bv=1",
                "/v1/ledgers/acme/accounts/a%3bv=1",
                "/v1/ledgers/acme/accounts/a%2Fb",
                "/v1/ledgers/acme/accounts/a%5Cb",
                "/v1/ledgers/acme/accounts/a%00",
                "/v1/ledgers/acme/accounts/%20a",
                "/v1/ledgers/acme/accounts/..",
                "/v1/ledgers/acme/accounts/%2e%2e",
                "/v1/ledgers/%2e",
                "/v1/ledgers/acme/accounts/%C3%28"
            })
    void of_a_path_that_names_something_else(String path) {
        assertUnreadable(send("PUT", path, "{}", "application/json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ledgers/x/../acme/accounts/a",
                "/v1//ledgers/acme/accounts/a",
                "//v1/ledgers/other",
                "/v1/ledgers/acme/accounts/a/",
                "/v1/ledgers/acme//accounts/a",
                "/v1/ledgers/acme/./accounts/a",
                "/error",
                "/v1"
            })
    void of_a_path_that_is_none(String path) {
        assertProblem(send("PUT", path, "{}", "application/json"), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "FOO", "PROPFIND", "LOCK", "get", "PATCH"})
    void of_a_method(String method) {
        HttpResponse<String> answer = send(method, TRANSACTIONS, "", "application/json");
        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("Allow"))
                .hasValueSatisfying(allowed -> assertThat(allowed).contains("POST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b", "complete=true", "region=eu", "complete=true&complete=false", "a", "=", "a=%ff"})
    void of_a_parameter(String query) {
        assertUnreadable(send("PUT", "/v1/ledgers/other?" + query, "{}", "application/json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "application/xml", "image/*", "application/problem+json", "nothing", "a/b/c;q=x"})
    void of_what_is_accepted(String accept) {
        HttpResponse<String> answer =
                server.send("POST", TRANSACTIONS, "{\"postings\":[" + GOOD_POSTING + "]}", "Accept", accept);
        assertProblem(answer, 406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/problem+json, application/json",
                "application/problem+json;q=1, */*;q=0.1",
                "application/*",
                "application/*+json, application/json;q=0.5",
                "*/*"
            })
    void a_success_is_json_and_a_refusal_a_problem_whatever_of_both_is_preferred(String accept) {
        HttpResponse<String> answer = server.send("PUT", "/v1/ledgers/acme", "{}", "Accept", accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertProblem(server.send("PUT", "/v1/ledgers/ACME", "{}", "Accept", accept), 400, "invalid-field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "br", "zstd", "identity, gzip", "nonsense"})
    void of_an_encoding(String encoding) {
        HttpResponse<String> answer = server.send("PUT", "/v1/ledgers/other", "{}", "Content-Encoding", encoding);
        assertProblem(answer, 415, "unsupported-media-type");
        assertThat(answer.headers().firstValue("Accept-Encoding")).hasValue("identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
    void of_other_unicode(String charset) {
        byte[] body = "{}".getBytes(Charset.forName(charset));
        byte[] marked = ("\ufeff" + "{}").getBytes(Charset.forName(charset));
        for (byte[] bytes : List.of(body, marked)) {
            assertProblem(server.send("PUT", "/v1/ledgers/other", bytes), 415, "unsupported-media-type");
        }
        assertProblem(
                server.send("PUT", "/v1/ledgers/other", body, "Content-Type", "application/json; charset=" + charset),
                415,
                "unsupported-media-type");
        assertProblem(
                server.send("POST", "/v1/ledgers/acme/events", body, "Content-Type", "application/x-ndjson"),
                415,
                "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "application/json; charset=latin1",
                "application/json; charset=no-such",
                "application/json; charset=",
                "application/json; charset=\"",
                "json",
                "/",
                "*/*"
            })
    void of_a_content_type(String type) {
        for (String method : List.of("POST", "PUT", "PATCH")) {
            String path = method.equals("POST") ? TRANSACTIONS : method.equals("PUT") ? ALICE : ALICE + "/metadata";
            assertProblem(send(method, path, "{\"a\":\"b\"}", type), 415, "unsupported-media-type");
        }
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
    void of_an_idempotency_key() {
        HttpResponse<String> answer = server.send(
                "POST", TRANSACTIONS, "{\"postings\":[" + GOOD_POSTING + "]}", "Idempotency-Key", "k".repeat(256));
        assertProblem(answer, 400, "invalid-field");
    }
}
