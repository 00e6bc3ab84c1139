package io.daybook.cli.client;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An HTTP server on a port of its own that gives prepared answers, one after the other, and keeps what was asked. */
public final class AnsweringServer implements AutoCloseable {

    private final HttpServer server;
    private final Queue<Prepared> answers = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    /** A request as it came in. */
    public record Asked(String method, String pathAndQuery, Map<String, List<String>> headers, String body) {}

    private record Prepared(int status, Map<String, String> headers, String body) {}

    public AnsweringServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            Prepared answer = answers.remove();
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            answer.headers.forEach(
                    (name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    public AnsweringServer answers(int status, String contentType, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", contentType);
        answers.add(new Prepared(status, all, body));
        return this;
    }

    public AnsweringServer answersJson(String body) {
        return answers(200, "application/json", body, Map.of("Ledger-Sequence", "7"));
    }

    public AnsweringServer answersProblem(int status, String body, Map<String, String> headers) {
        return answers(status, "application/problem+json", body, headers);
    }

    /** What was asked so far, in order. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A client of this server that is patient for a moment only. */
    public DaybookClient client() {
        return new DaybookClient(uri(), "a-token", Duration.ofSeconds(3));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
