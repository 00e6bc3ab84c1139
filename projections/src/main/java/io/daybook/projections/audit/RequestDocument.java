package io.daybook.projections.audit;

import io.daybook.messages.RequestRecord;
import io.daybook.stores.audit.AuditDocument;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A request as a document of the audit, with field names of the Elastic Common Schema where that has one. */
final class RequestDocument {

    private static final int NANOS_DIGITS_OF_A_MILLISECOND = 6;
    private static final int FIRST_REFUSAL = 400;

    private RequestDocument() {}

    static Map<String, Object> of(RequestRecord request) {
        String message = message(request);
        return new AuditDocument()
                .put(AuditField.TIMESTAMP, request.receivedAt().toString())
                .put(AuditField.MESSAGE, message)
                .put(AuditField.ID, request.id())
                .put(AuditField.KIND, "event")
                .put(AuditField.ACTION, request.asksForChange() ? "command" : "query")
                .put(AuditField.DATASET, AuditKind.REQUESTS.dataset())
                .put(AuditField.OUTCOME, request.status() < FIRST_REFUSAL ? "success" : "failure")
                .put(AuditField.DURATION, request.durationNanos())
                .put(AuditField.INGESTED, Instant.now().toString())
                .put(AuditField.REQUEST_ID, request.requestId())
                .put(AuditField.METHOD, request.method())
                .put(AuditField.REQUEST_BYTES, request.requestBytes())
                .put(AuditField.STATUS, request.status())
                .put(AuditField.RESPONSE_BYTES, request.responseBytes())
                .put(AuditField.ROUTE, request.route())
                .put(AuditField.ACTOR, request.actor())
                .put(AuditField.SERVER, request.server())
                .put(AuditField.TRACE_ID, request.traceId())
                .put(AuditField.SPAN_ID, request.spanId())
                .put(AuditField.LEDGER, request.ledger())
                .put(AuditField.REACHED, request.sequence())
                .put(AuditField.ACCOUNTS, request.account() == null ? null : List.of(request.account()))
                .put(AuditField.TRANSACTION_ID, request.transaction())
                .put(AuditField.HOLD_ID, request.hold())
                .put(AuditField.COMMAND_ID, request.command())
                .put(AuditField.PROBLEM, request.problem())
                .put(AuditField.WORDS, DocumentWords.of(request, message))
                .members();
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
