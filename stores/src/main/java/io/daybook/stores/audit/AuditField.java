package io.daybook.stores.audit;

import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A field of the audit's documents, by the name that the Elastic Common Schema has for it, where it has one. How each is indexed
 * is in the {@linkplain AuditKind#template templates}.
 */
public enum AuditField {
    /** When it was recorded, or came in, to the nanosecond. */
    TIMESTAMP("@timestamp"),
    /** A line for people. */
    MESSAGE("message"),
    /** An event's, unique in its ledger; that of a request's record. */
    ID("event.id"),
    /** As the Elastic Common Schema has it: event, metric or alert. */
    KIND("event.kind"),
    /** The event's name and version; command or query; status or parked. */
    ACTION("event.action"),
    /** {@link AuditKind#dataset}. */
    DATASET("event.dataset"),
    /** Of an event, in its ledger's journal. A request has {@link #REACHED}. */
    SEQUENCE("event.sequence"),
    /** When it was given to Elasticsearch; not of what was posted anew. */
    INGESTED("event.ingested"),
    /** Of a request: success or failure. */
    OUTCOME("event.outcome"),
    /** How long a request took, in nanoseconds. */
    DURATION("event.duration"),
    /** Why a projection is stopped, or has parked a ledger. */
    REASON("event.reason"),
    /** Who asked. */
    ACTOR("user.id"),
    /** The request that led to it, or that it is. */
    REQUEST_ID("http.request.id"),
    METHOD("http.request.method"),
    REQUEST_BYTES("http.request.body.bytes"),
    STATUS("http.response.status_code"),
    RESPONSE_BYTES("http.response.body.bytes"),
    /** The template of a request's path. */
    ROUTE("http.route"),
    /** The server that answered a request. */
    SERVER("host.name"),
    TRACE_ID("trace.id"),
    SPAN_ID("span.id"),
    LEDGER("daybook.ledger"),
    /** How far the ledger had come by a request, or the event at which it is parked. */
    REACHED("daybook.sequence"),
    /** The version of the hash chain that {@link #HASH} is of. */
    CHAIN("daybook.chain"),
    /** In lower-case hexadecimal. */
    HASH("daybook.hash"),
    /** The event's canonical JSON, as it was recorded; not searchable. */
    DATA("daybook.data"),
    /** By which a document is found: every word that anybody may search for. */
    WORDS("daybook.words"),
    EFFECTIVE_AT("daybook.effective_at"),
    /** From the recording of an event until it was given to Elasticsearch. */
    LAG_MILLIS("daybook.lag_millis"),
    /** Of a transaction that has to do with one asset only. */
    MOVED_ASSET("daybook.moved.asset"),
    /** In whole units of the asset. */
    MOVED_VALUE("daybook.moved.value"),
    TRANSACTION_ID("daybook.transaction.id"),
    REFERENCE("daybook.transaction.reference"),
    REVERSES("daybook.transaction.reverses"),
    TRANSACTION_METADATA("daybook.transaction.metadata"),
    HOLD_ID("daybook.hold.id"),
    /** In the asset's smallest units. */
    HOLD_AMOUNT("daybook.hold.amount"),
    /** In whole units of the asset. */
    HOLD_VALUE("daybook.hold.value"),
    HOLD_EXPIRES_AT("daybook.hold.expires_at"),
    /** Why a hold was released. */
    HOLD_REASON("daybook.hold.reason"),
    HOLD_METADATA("daybook.hold.metadata"),
    /** All that it has to do with. */
    ACCOUNTS("daybook.accounts"),
    /** All that it has to do with. */
    ASSETS("daybook.assets"),
    /** Each a document of its own, with the five that follow. */
    POSTINGS("daybook.postings"),
    POSTING_SOURCE("daybook.postings.source"),
    POSTING_DESTINATION("daybook.postings.destination"),
    POSTING_ASSET("daybook.postings.asset"),
    /** In the asset's smallest units. */
    POSTING_AMOUNT("daybook.postings.amount"),
    /** In whole units of the asset. */
    POSTING_VALUE("daybook.postings.value"),
    /** Of an asynchronous command. */
    COMMAND_ID("daybook.command.id"),
    /** Why a request was refused. */
    PROBLEM("daybook.problem.code"),
    PROJECTION("daybook.projection.name"),
    GENERATION("daybook.projection.generation"),
    STATE("daybook.projection.state"),
    LAG_EVENTS("daybook.projection.lag.events"),
    LAG_TIME("daybook.projection.lag.millis"),
    /** Events a second. */
    RATE("daybook.projection.rate"),
    /** How many events wait with their ledgers. */
    PARKED("daybook.projection.parked");

    private final String path;
    private final List<String> names;
    private final JsonPointer pointer;

    AuditField(String path) {
        this.path = path;
        this.names = List.of(path.split("\\."));
        this.pointer = JsonPointer.compile("/" + path.replace('.', '/'));
    }

    /** As searches name it: with dots. */
    public String path() {
        return path;
    }

    /** The names of the objects that it is in, from the document's members on, and its own. */
    List<String> names() {
        return names;
    }

    /** The field that a search names so. */
    public static AuditField named(String path) {
        return Arrays.stream(values())
                .filter(field -> field.path.equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the audit's documents have no field '" + path + "'"));
    }

    /** The value in a document; {@linkplain JsonNode#isMissingNode missing} if it has none. */
    public JsonNode in(JsonNode document) {
        return document.at(pointer);
    }

    /**
     * The value in a document that must have it.
     *
     * @throws RuntimeException if it has none
     */
    public JsonNode requiredIn(JsonNode document) {
        return document.requiredAt(pointer);
    }

    /** Leaves it out of a document, if it is there. */
    public void removeFrom(ObjectNode document) {
        if (document.at(pointer.head()) instanceof ObjectNode parent) {
            parent.remove(pointer.last().getMatchingProperty());
        }
    }
}
