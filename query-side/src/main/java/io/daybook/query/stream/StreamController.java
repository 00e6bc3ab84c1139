package io.daybook.query.stream;

import io.daybook.events.LedgerId;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.settings.QuerySideProperties;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What happens in a ledger as server-sent events. Each connection has a virtual thread of its own, which waits for messages
 * and for the client to take them; nothing else does.
 */
@RestController
class StreamController {

    private static final Logger LOG = LoggerFactory.getLogger(StreamController.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String LAST_EVENT_ID_PARAMETER = "lastEventId";

    /** Tells NGINX not to collect what is to be seen at once. */
    private static final String UNBUFFERED = "X-Accel-Buffering";

    /** Between two attempts to read what is past, while the books are away: whoever hears the present waits for them too. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final byte[] HEARTBEAT = ": heartbeat\n\n".getBytes(StandardCharsets.UTF_8);

    private final LedgerStreams streams;
    private final Duration heartbeat;

    StreamController(LedgerStreams streams, QuerySideProperties properties) {
        this.streams = streams;
        this.heartbeat = properties.stream().heartbeat();
    }

    @GetMapping(path = "/v1/ledgers/{ledger}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(@PathVariable("ledger") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        LedgerId ledger = RequestValues.ledger(name);
        OptionalLong seen = lastSeen(request);
        long sequence = streams.position(ledger, Freshness.of(request).atLeast(seen.orElse(0)));
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(UNBUFFERED, "no");
        response.setHeader(Headers.LEDGER_SEQUENCE, Long.toString(sequence));
        if (request.getMethod().equals(HttpMethod.HEAD.name())) {
            return;
        }
        Listener listener = streams.enter();
        AsyncContext connection = request.startAsync();
        connection.setTimeout(0); // never
        Thread sender = Thread.ofVirtual().name("stream-" + ledger).unstarted(() -> {
            try {
                send(ledger, listener, seen.orElse(sequence), sequence, response.getOutputStream());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.debug("a stream of ledger {} has ended", ledger, e);
            } finally {
                streams.leave(ledger, listener);
                complete(connection);
            }
        });
        connection.addListener(new WaitsForSender(listener, sender));
        sender.start();
    }

    /** What a browser sends by itself comes before what was in the address from the beginning. */
    private static OptionalLong lastSeen(HttpServletRequest request) {
        OptionalLong parameter =
                Parameters.of(request, LAST_EVENT_ID_PARAMETER).number(LAST_EVENT_ID_PARAMETER, 0, Long.MAX_VALUE);
        String header = request.getHeader(LAST_EVENT_ID);
        return header == null || header.isEmpty()
                ? parameter
                : OptionalLong.of(RequestValues.number(LAST_EVENT_ID, header, 0, Long.MAX_VALUE));
    }

    /**
     * Sends everything after a sequence until the listener is closed: first what is past, then what comes.
     *
     * @param known how far the ledger is known to have come
     * @throws IOException if the client has gone
     */
    private void send(LedgerId ledger, Listener listener, long after, long known, OutputStream out)
            throws IOException, InterruptedException {
        beat(out);
        long seen = after;
        long reached = known;
        while (listener.isOpen() && (seen < reached || !streams.join(ledger, listener, seen))) {
            try {
                Seen<List<StreamMessage>> past = streams.past(ledger, seen);
                send(past.value(), out);
                seen = past.value().getLast().sequence();
                reached = past.sequence();
            } catch (ProblemException e) {
                LOG.debug("the books of ledger {} cannot be read after {} at the moment", ledger, seen, e);
                beat(out);
                Thread.sleep(RETRY);
            }
        }
        while (listener.isOpen()) {
            List<StreamMessage> messages = listener.take(heartbeat);
            if (messages.isEmpty()) {
                beat(out);
            } else {
                send(messages, out);
            }
        }
    }

    private static void send(List<StreamMessage> messages, OutputStream out) throws IOException {
        for (StreamMessage message : messages) {
            out.write(message.bytes());
        }
        out.flush();
    }

    private static void beat(OutputStream out) throws IOException {
        out.write(HEARTBEAT);
        out.flush();
    }

    private static void complete(AsyncContext connection) {
        try {
            connection.complete();
        } catch (IllegalStateException e) {
            LOG.debug("the connection had ended already", e);
        }
    }

    /**
     * After a failed write Tomcat ends the request and gives its buffers to the next connection, while the thread that wrote
     * may still be on its way out of them: it would then fail what somebody else is sent.
     */
    private record WaitsForSender(Listener listener, Thread sender) implements AsyncListener {

        @Override
        public void onError(AsyncEvent event) {
            listener.close();
            try {
                sender.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
