package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever comes to any of the contract's calls, a refusal is a problem document of the contract, in its own words. */
@ExtendWith(SharedInstallation.class)
class EdgeIT {

    private static final String[] WORDS_OF_FRAMEWORKS = {
        "spring",
        "tomcat",
        "apache",
        "servlet",
        "jackson",
        "static resource",
        "token",
        "unexpected",
        "is not supported",
        "mime",
        "request header",
        "request target",
        "representation",
        "exception",
        "java",
        "<html",
        "http method"
    };

    private final TestInstallation daybook;
    private final JsonNode contract;

    EdgeIT(TestInstallation daybook) {
        this.daybook = daybook;
        this.contract = daybook.get("/openapi", "Accept", "application/json");
    }

    /** The methods of a path that can be called, with values for what is in braces. */
    private Map<String, List<String>> calls() {
        Map<String, List<String>> calls = new TreeMap<>();
        contract.path("paths")
                .propertyStream()
                .forEach(path -> calls.put(
                        path.getKey()
                                .replace("{ledger}", "edge")
                                .replace("{account}", "users:1")
                                .replace("{id}", "0c000000-0000-4000-8000-0000000000ed"),
                        path.getValue().propertyNames().stream()
                                .filter(name -> !name.equals("parameters"))
                                .map(name -> name.toUpperCase(Locale.ROOT))
                                .toList()));
        assertThat(calls).hasSizeGreaterThan(20);
        return calls;
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        String what = answer.request().method() + " " + answer.uri() + " → " + answer.body();
        assertThat(answer.statusCode()).as(what).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(what)
                .startsWith("application/problem+json");
        assertProblem(what, status, code, answer.body());
    }

    private static void assertProblem(String what, int status, String code, String body) {
        JsonNode problem = JsonMapper.shared().readTree(body);
        assertThat(problem.path("code").asString()).as(what).isEqualTo(code);
        assertThat(problem.path("status").asInt()).as(what).isEqualTo(status);
        assertThat(problem.path("type").asString()).isEqualTo("https://daybook.io/problems/" + code);
        assertThat(problem.path("detail").asString()).isNotEmpty().doesNotContainIgnoringCase(WORDS_OF_FRAMEWORKS);
    }

    @Test
    void a_path_with_parameters_is_none_of_any_call() {
        calls().forEach((path, methods) -> methods.forEach(method -> Stream.of(
                        path + ";v=1",
                        path + ";",
                        path.replaceFirst("/v1/", "/v1;a=b/"),
                        path.replace("/edge", "/edge;x"))
                .filter(candidate -> candidate.contains(";"))
                .forEach(candidate -> assertProblem(daybook.send(method, candidate, "{}"), 400, "malformed-request"))));
    }

    @Test
    void another_method_is_told_which_are_allowed() {
        calls().forEach((path, methods) -> {
            for (String method : List.of("TRACE", "FOO", "LOCK", "PROPFIND", "get", "DELETE", "PATCH")) {
                if (!methods.contains(method)) {
                    HttpResponse<String> answer = daybook.send(method, path, "");
                    assertProblem(answer, 405, "method-not-allowed");
                    assertThat(answer.headers().firstValue("Allow").orElse(""))
                            .as(path)
                            .contains(methods);
                }
            }
        });
    }

    @Test
    void what_cannot_be_answered_as_is_accepted_is_not_begun() {
        calls().forEach((path, methods) -> methods.forEach(method -> {
            for (String accept : List.of("text/html", "application/xml, image/*;q=0.1", "nothing")) {
                String type = path.endsWith("/events") ? "application/x-ndjson" : "application/json";
                assertProblem(
                        daybook.send(method, path, "{}", "Content-Type", type, "Accept", accept),
                        406,
                        "not-acceptable");
            }
        }));
        assertProblem(daybook.send("GET", "/v1/ledgers/edge", ""), 404, "ledger-not-found");
    }

    @Test
    void a_body_is_not_compressed_and_in_utf_8_whoever_takes_it() {
        calls().forEach((path, methods) -> methods.stream()
                .filter(method -> !method.equals("GET"))
                .forEach(method -> {
                    String type = path.endsWith("/events") ? "application/x-ndjson" : "application/json";
                    assertProblem(
                            daybook.send(method, path, "{}", "Content-Type", type, "Content-Encoding", "gzip"),
                            415,
                            "unsupported-media-type");
                    for (String charset : List.of("UTF-16", "utf-32le", "latin1", "none")) {
                        assertProblem(
                                daybook.send(method, path, "{}", "Content-Type", type + ";charset=" + charset),
                                415,
                                "unsupported-media-type");
                    }
                    assertProblem(
                            daybook.send(method, path, "{}", "Content-Type", "text/csv"),
                            415,
                            "unsupported-media-type");
                }));
    }

    @Test
    void parameters_that_a_call_does_not_have_are_refused() {
        calls().forEach((path, methods) -> methods.forEach(method -> assertProblem(
                daybook.send(
                        method,
                        path + "?colour=red",
                        "{}",
                        "Content-Type",
                        path.endsWith("/events") ? "application/x-ndjson" : "application/json"),
                400,
                "invalid-field")));
    }

    /** As the bytes of a request, in which a line ends with a bar. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/ledgers/%zz HTTP/1.1|Host: x||",
                "GET /v1/ledgers/a%2Fb HTTP/1.1|Host: x||",
                "GET /v1/ledgers/a%5Cb HTTP/1.1|Host: x||",
                "GET /v1/ledgers/a\\b HTTP/1.1|Host: x||",
                "GET /v1/ledgers/a<b HTTP/1.1|Host: x||",
                "GET /v1/ledgers/a b HTTP/1.1|Host: x||",
                "GET /v1/ledgers/%00 HTTP/1.1|Host: x||",
                "GET /v1/ledgers/%C3%28 HTTP/1.1|Host: x||",
                "GET /../../etc/passwd HTTP/1.1|Host: x||",
                "GET /v1/%2e%2e/%2e%2e/x HTTP/1.1|Host: x||",
                "GET v1/ledgers HTTP/1.1|Host: x||",
                "GET /v1/ledgers?a=%zz HTTP/1.1|Host: x||",
                "GET /v1/ledgers?a={} HTTP/1.1|Host: x||",
                "POST /v1/ledgers/edge/events?complete=%zz HTTP/1.1|Host: x|Content-Type: application/x-ndjson|Content-Length: 0||",
                "PUT /v1/ledgers/edge?%zz=1 HTTP/1.1|Host: x|Content-Length: 0||",
                "GET /v1/ledgers HTTP/1.1||",
                "GET /v1/ledgers HTTP/1.1|Host: a|Host: b||",
                "GET /v1/ledgers HTTP/1.1|Host: a b||",
                "GET /v1/ledgers HTTP/9.9|Host: x||",
                "GET /v1/ledgers FTP/1.1|Host: x||",
                "G@T /v1/ledgers HTTP/1.1|Host: x||",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Content-Length: ten||",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Content-Length: -1||",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Content-Length: 2|Content-Length: 3||{}",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Transfer-Encoding: gzip||",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Content-Type: application/json|Transfer-Encoding: chunked||zz|{}|0||",
                "PUT /v1/ledgers/edge HTTP/1.1|Host: x|Expect: cake|Content-Length: 0||",
                "CONNECT x:1 HTTP/1.1|Host: x||",
                "TRACE / HTTP/1.1|Host: x||"
            })
    void what_is_not_http_is_refused_in_our_words(String request) {
        assertRefused(request.replace("|", "\r\n"));
    }

    @Test
    void what_is_too_long_is_refused_in_our_words() {
        for (int length : new int[] {9_000, 60_000}) {
            String long_ = "a".repeat(length);
            assertRefused("GET /v1/ledgers/" + long_ + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertRefused("GET /v1/ledgers?cursor=" + long_ + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertRefused("GET /v1/ledgers HTTP/1.1\r\nHost: x\r\nX-Long: " + long_ + "\r\n\r\n");
        }
        assertRefused("GET /v1/ledgers HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(500) + "\r\n");
        assertRefused("GET /v1/ledgers?" + "a=b&".repeat(1_200) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    private void assertRefused(String request) {
        String answer = exchange(request.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        String what = request.substring(0, Math.min(200, request.length())) + " → " + answer;
        assertThat(answer).as(what).matches("(?s)HTTP/1\\.1 4[0-9][0-9].*");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(answer).as(what).containsIgnoringCase("Content-Type: application/problem+json");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        JsonNode problem = JsonMapper.shared().readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1));
        String code = problem.path("code").asString();
        assertThat(contract.at("/components/schemas/Problem/properties/code/enum")
                        .valueStream()
                        .map(JsonNode::asString))
                .as(what)
                .contains(code);
        assertProblem(what, status, code, problem.toString());
    }

    /** What is answered before the connection ends: it may be cut off while there is more to be sent. */
    private String exchange(String request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket("127.0.0.1", daybook.port())) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().transferTo(answer);
            } catch (SocketException cutOff) {
                assertThat(answer.size()).as("%s", cutOff).isPositive();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
