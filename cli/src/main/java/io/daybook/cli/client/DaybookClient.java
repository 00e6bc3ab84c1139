package io.daybook.cli.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Sends requests to one installation and reads the answers. Connections are kept alive; a request that meets 429 or 503
 * is sent again when the server says so, until patience ends. Safe for use by several threads.
 *
 * <p>A request whose connection breaks is not sent again by itself: whether it had its effect is not known here. It can be
 * repeated by whoever gave it an id or an idempotency key.
 */
public final class DaybookClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    /** How long one request is tried again before the server's "not now" becomes an error. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_EXCERPT_CHARACTERS = 200;

    private static final String CONTENT_TYPE = "Content-Type";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final URI base;
    private final String token;
    private final Duration patience;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /**
     * @param base scheme, host and port, such as {@code http://127.0.0.1:8080}
     * @param token the bearer token
     */
    public DaybookClient(URI base, String token) {
        this(base, token, PATIENCE);
    }

    DaybookClient(URI base, String token, Duration patience) {
        String text = base.toString();
        this.base = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
        this.token = token;
        this.patience = patience;
    }

    /** The installation's address, without a slash at its end. */
    public URI base() {
        return base;
    }

    /**
     * @param path path and query, already encoded, such as {@code /v1/ledgers/berka}
     * @throws RequestFailed if it is refused, or no answer comes
     */
    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    /**
     * As {@link #get(String)}, from a read model that has seen the ledger up to a sequence; waits for it if it must.
     *
     * @throws RequestFailed if it is refused, or the read model stays behind
     */
    public Answer get(String path, long minLedgerSequence) {
        return send(
                "GET", path, BodyPublishers.noBody(), Map.of("Min-Ledger-Sequence", Long.toString(minLedgerSequence)));
    }

    /**
     * @param body what Jackson can write, or bytes that are JSON already
     * @param headers further headers, such as an idempotency key
     * @throws RequestFailed if it is refused, or no answer comes
     */
    public Answer put(String path, Object body, Map<String, String> headers) {
        return send("PUT", path, publisher(body), headers);
    }

    /**
     * @param body what Jackson can write, or bytes that are JSON already
     * @throws RequestFailed if it is refused, or no answer comes
     */
    public Answer post(String path, Object body) {
        return send("POST", path, publisher(body), Map.of());
    }

    /**
     * @param body what Jackson can write
     * @throws RequestFailed if it is refused, or no answer comes
     */
    public Answer patch(String path, Object body) {
        return send("PATCH", path, publisher(body), Map.of());
    }

    /**
     * @param lines JSON documents, one a line, in UTF-8
     * @throws RequestFailed if it is refused, or no answer comes
     */
    public Answer postLines(String path, byte[] lines) {
        return send("POST", path, BodyPublishers.ofByteArray(lines), Map.of(CONTENT_TYPE, "application/x-ndjson"));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private BodyPublisher publisher(Object body) {
        return BodyPublishers.ofByteArray(body instanceof byte[] bytes ? bytes : json.writeValueAsBytes(body));
    }

    private Answer send(String method, String path, BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, body)
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
        if (!method.equals("GET") && !headers.containsKey(CONTENT_TYPE)) {
            builder.header(CONTENT_TYPE, "application/json");
        }
        headers.forEach(builder::header);
        HttpRequest request = builder.build();
        String asked = method + " " + base + path;

        long deadlineNanos = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            HttpResponse<byte[]> response = exchange(request, asked);
            int status = response.statusCode();
            if (status >= 200 && status < 300) {
                return new Answer(status, read(response, asked), ledgerSequence(response));
            }
            Duration wait = retryAfter(response).orElse(pause);
            boolean notNow = status == TOO_MANY_REQUESTS || status == SERVICE_UNAVAILABLE;
            if (!notNow || System.nanoTime() + wait.toNanos() > deadlineNanos) {
                throw refusal(response, asked);
            }
            sleep(wait, asked);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, String asked) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw noAnswer(
                    "Nothing answers at " + base + " (" + asked + ").\n"
                            + "Start Daybook with './daybook up', or name a running one with --data or --url.",
                    e);
        } catch (HttpTimeoutException e) {
            throw noAnswer(
                    asked + " got no answer within " + ANSWER_TIMEOUT.toSeconds() + " s.\n"
                            + "'./daybook status' tells which part is slow or down; then the same command can be run again.",
                    e);
        } catch (IOException e) {
            throw noAnswer(
                    asked + " lost its connection before the answer came"
                            + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                            + ".\nSee that Daybook runs ('./daybook status'); then the same command can be run again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer(asked + " was interrupted. The same command can be run again.", e);
        }
    }

    private JsonNode read(HttpResponse<byte[]> response, String asked) {
        try {
            return json.readTree(response.body());
        } catch (JacksonException e) {
            throw new RequestFailed(
                    response.statusCode(),
                    MissingNode.getInstance(),
                    asked + " was answered with " + response.statusCode() + ", but not in JSON: " + excerpt(response)
                            + "\nCheck that --url or DAYBOOK_URL names a Daybook and nothing else.",
                    e);
        }
    }

    private RequestFailed refusal(HttpResponse<byte[]> response, String asked) {
        int status = response.statusCode();
        Optional<JsonNode> problem = problem(response);
        if (problem.isEmpty()) {
            return new RequestFailed(
                    status,
                    MissingNode.getInstance(),
                    asked + " was answered with " + status + ", not by Daybook itself: " + excerpt(response)
                            + "\nCheck that --url or DAYBOOK_URL names a Daybook, and what stands in front of it.",
                    null);
        }
        return new RequestFailed(
                status, problem.get(), asked + " was refused: " + status + " " + describe(problem.get()), null);
    }

    /** A problem document in words: its code, what is the case, and the fields that are wrong. */
    public static String describe(JsonNode problem) {
        String detail = problem.path("detail").asString(problem.path("title").asString(""));
        StringJoiner words = new StringJoiner("\n");
        words.add((problem.path("code").asString("") + ": " + detail).strip());
        for (JsonNode error : problem.path("errors")) {
            String line = error.path("field").asString("") + ": "
                    + error.path("message").asString("");
            if (!detail.contains(line)) {
                words.add("  " + line);
            }
        }
        return words.toString();
    }

    private Optional<JsonNode> problem(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue(CONTENT_TYPE).orElse("");
        if (!type.startsWith("application/problem+json")) {
            return Optional.empty();
        }
        try {
            return Optional.of(json.readTree(response.body())).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static String excerpt(HttpResponse<byte[]> response) {
        String text =
                new String(response.body(), StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
        return text.isEmpty()
                ? "(nothing)"
                : text.length() <= MAX_EXCERPT_CHARACTERS ? text : text.substring(0, MAX_EXCERPT_CHARACTERS) + "…";
    }

    private static OptionalLong ledgerSequence(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Ledger-Sequence")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** Daybook gives whole seconds; a date, which a gateway may give, is taken as if nothing was said. */
    private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static void sleep(Duration duration, String asked) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer(asked + " was interrupted. The same command can be run again.", e);
        }
    }

    private static RequestFailed noAnswer(String message, Exception cause) {
        return new RequestFailed(RequestFailed.NO_ANSWER, MissingNode.getInstance(), message, cause);
    }
}
