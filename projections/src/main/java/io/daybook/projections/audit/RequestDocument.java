package io.daybook.projections.audit;

import io.daybook.messages.RequestRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a document of the audit, with field names of the Elastic Common Schema where that has one. */
final class RequestDocument {

    private static final int NANOS_DIGITS_OF_A_MILLISECOND = 6;
    private static final int FIRST_REFUSAL = 400;

    private RequestDocument() {}

    static Map<String, Object> of(RequestRecord request) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@timestamp", request.receivedAt().toString());
        String message = message(request);
        document.put("message", message);
        document.put(
                "event",
                Map.of(
                        "id",
                        request.id(),
                        "kind",
                        "event",
                        "action",
                        request.asksForChange() ? "command" : "query",
                        "dataset",
                        "daybook.requests",
                        "outcome",
                        request.status() < FIRST_REFUSAL ? "success" : "failure",
                        "duration",
                        request.durationNanos(),
                        "ingested",
                        Instant.now().toString()));
        Map<String, Object> http = new LinkedHashMap<>();
        http.put(
                "request",
                Map.of(
                        "id", request.requestId(),
                        "method", request.method(),
                        "body", Map.of("bytes", request.requestBytes())));
        http.put("response", Map.of("status_code", request.status(), "body", Map.of("bytes", request.responseBytes())));
        put(http, "route", request.route());
        document.put("http", http);
        document.put("user", Map.of("id", request.actor()));
        document.put("host", Map.of("name", request.server()));
        document.put("trace", Map.of("id", request.traceId()));
        document.put("span", Map.of("id", request.spanId()));
        Map<String, Object> daybook = daybook(request);
        daybook.put(EventDocument.WORDS, DocumentWords.of(request, message));
        document.put("daybook", daybook);
        return document;
    }

    private static Map<String, Object> daybook(RequestRecord request) {
        Map<String, Object> daybook = new LinkedHashMap<>();
        put(daybook, "ledger", request.ledger());
        put(daybook, "sequence", request.sequence());
        put(daybook, "accounts", request.account() == null ? null : List.of(request.account()));
        put(daybook, "transaction", nested("id", request.transaction()));
        put(daybook, "hold", nested("id", request.hold()));
        put(daybook, "command", nested("id", request.command()));
        put(daybook, "problem", nested("code", request.problem()));
        return daybook;
    }

    private static @Nullable Map<String, Object> nested(String name, @Nullable Object value) {
        return value == null ? null : Map.of(name, value);
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    /** A line for people. What came of it stands first: the rest may be cut off. */
    private static String message(RequestRecord request) {
        StringBuilder line = new StringBuilder().append(request.status());
        if (request.problem() != null) {
            line.append(' ').append(request.problem());
        }
        BigDecimal millis = BigDecimal.valueOf(request.durationNanos(), NANOS_DIGITS_OF_A_MILLISECOND)
                .setScale(1, RoundingMode.HALF_UP);
        line.append(" in ").append(millis).append(" ms: ").append(request.method());
        line.append(' ').append(request.route() == null ? "no known path" : request.route());
        if (request.ledger() != null) {
            line.append(" of ledger ").append(request.ledger());
        }
        if (request.account() != null) {
            line.append(", account ").append(request.account());
        }
        return line.toString();
    }
}
