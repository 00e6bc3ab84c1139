package io.daybook.projections.audit;

import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.JsonNode;

/** Operations on documents, sent many at a time. */
final class BulkRequests {

    private static final int TOO_MANY_REQUESTS = 429;

    /** The pauses before it is tried again to send what there was no room for: 3 s altogether, give or take the jitter. */
    private static final ExponentialBackOff NO_ROOM = new ExponentialBackOff(100, 2);

    static {
        NO_ROOM.setMaxAttempts(5);
        NO_ROOM.setJitter(50);
    }

    private final AuditCluster cluster;

    BulkRequests(AuditCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Sends operations by one bulk request.
     *
     * @see #send(List, int)
     */
    List<JsonNode> send(List<String> operations) throws IOException {
        return send(operations, 1);
    }

    /**
     * Sends operations by bulk requests at the same time. What Elasticsearch has no room for is sent again after a pause, and
     * nothing else is.
     *
     * @param operations each with its lines
     * @param requests how many share them
     * @return what was answered to each, no more of it than is asked for
     * @throws IOException if Elasticsearch is away, or has no room for some of them for longer than it is worth waiting here
     * @throws IllegalStateException if a request is refused as a whole, and would be again
     */
    List<JsonNode> send(List<String> operations, int requests) throws IOException {
        JsonNode[] answers = new JsonNode[operations.size()];
        List<Integer> left = IntStream.range(0, operations.size()).boxed().toList();
        BackOffExecution pauses = NO_ROOM.start();
        while (!left.isEmpty()) {
            left = send(operations, left, requests, answers);
            if (!left.isEmpty()) {
                pause(pauses, left.size());
            }
        }
        return List.of(answers);
    }

    private static void pause(BackOffExecution pauses, int left) throws IOException {
        long millis = pauses.nextBackOff();
        if (millis == BackOffExecution.STOP) {
            throw new IOException("Elasticsearch has no room for " + left
                    + " operations of a bulk request (status 429), also after a while; they are tried again. If that goes"
                    + " on, it needs more memory, or more nodes");
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while Elasticsearch had no room for a bulk request");
        }
    }

    /**
     * Sends some of the operations.
     *
     * @param which their places
     * @param answers in these places
     * @return the places of those that Elasticsearch has no room for
     */
    private List<Integer> send(List<String> operations, List<Integer> which, int requests, JsonNode[] answers)
            throws IOException {
        int size = Math.ceilDiv(which.size(), requests);
        List<List<Integer>> parts = IntStream.range(0, Math.ceilDiv(which.size(), size))
                .mapToObj(part -> which.subList(part * size, Math.min(which.size(), (part + 1) * size)))
                .toList();
        List<CompletableFuture<Response>> responses = parts.stream()
                .map(part -> cluster.sendBulk(part.stream().map(operations::get).collect(Collectors.joining())))
                .toList();
        // Until the last: what is still on its way must not come after what is sent next.
        CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> done)
                .join();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<Integer> part = parts.get(i);
            JsonNode items = readBulk(responses.get(i));
            if (items == null) {
                left.addAll(part);
                continue;
            }
            if (items.size() != part.size()) {
                throw new IOException("Elasticsearch answered a bulk request with something else");
            }
            for (int place = 0; place < part.size(); place++) {
                JsonNode item = items.path(place);
                if (item.iterator().next().path("status").asInt() == TOO_MANY_REQUESTS) {
                    left.add(part.get(place));
                } else {
                    answers[part.get(place)] = item;
                }
            }
        }
        return left;
    }

    /** What was answered to each operation; null if there is no room for the request. */
    private static @Nullable JsonNode readBulk(CompletableFuture<Response> answer) throws IOException {
        try {
            return AuditCluster.read(answer.join()).path("items");
        } catch (CompletionException e) {
            throw new IOException("a bulk request failed: " + e.getCause().getMessage(), e.getCause());
        } catch (ResponseException e) {
            int status = e.getResponse().getStatusCode();
            if (status == TOO_MANY_REQUESTS) {
                return null;
            }
            if (AuditCluster.isRefusal(status)) {
                throw new IllegalStateException("Elasticsearch refuses the request: " + e.getMessage(), e);
            }
            throw e;
        }
    }
}
