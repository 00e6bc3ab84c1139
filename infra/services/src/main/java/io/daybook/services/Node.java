package io.daybook.services;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process of Daybook's own beside the backing services: a node of a side, or the gateway before them. */
public final class Node extends ProcessService {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int OK = 200;

    /**
     * What it is started with.
     *
     * @param name in files and tables, such as {@code command-side-1}
     * @param port its port on 127.0.0.1, by {@link Services#port}
     * @param stopSignal what makes it stop in order, such as {@code TERM}
     * @param readiness answers with 200 as soon as it is of use
     */
    public record Start(
            String name,
            int port,
            List<String> command,
            Map<String, String> environment,
            String stopSignal,
            URI readiness) {}

    private Node(Start start, Running running) {
        super(start.name(), start.port(), running);
    }

    /** Starts it, and returns it as soon as it is of use; if it is not in time, it is stopped. */
    static Node start(Start start, DataDirectory data) {
        ChildProcess process =
                ChildProcess.start(start.name(), data, start.stopSignal(), start.command(), start.environment());
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest readiness =
                    HttpRequest.newBuilder(start.readiness()).timeout(PATIENCE).build();
            Await.ready(start.name(), process, () -> {
                HttpResponse<String> answer = http.send(readiness, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != OK) {
                    throw new IOException(
                            "its readiness is answered with " + answer.statusCode() + " " + answer.body());
                }
            });
            return new Node(start, process);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }
}
