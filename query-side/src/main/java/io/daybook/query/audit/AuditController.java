package io.daybook.query.audit;

import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Page;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AuditIndex;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Search over what happened and over every request, newest first, or in the order in which the audit got it. */
@RestController
class AuditController {

    private static final int MAX_QUERY_LENGTH = 1_000;
    private static final String TIME_LIMIT = "4s";

    private static final String EVENT = "event";
    private static final String REQUEST = "request";
    private static final String REQUESTS = "daybook.requests";

    private static final String ANY_VERSION = ".v";

    /** The times that a field with nanoseconds can have; nothing was recorded outside them. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("2262-04-11T00:00:00Z");

    private static final JsonMapper JSON = JsonMapper.shared();

    /** The first value of a cursor says which order it belongs to. */
    private static final int CURSOR_SIZE = 5;

    private static final String NEWEST = "newest";

    /** In place of a cursor it begins a list in order of arrival. */
    private static final String ARRIVALS = "arrivals";

    private static final String INGESTED = "event.ingested";

    /**
     * A document has the time at which it is given to Elasticsearch, and is found once that has written and refreshed; and
     * several nodes, whose clocks differ, give. So a later time may be found before an earlier one; not after this.
     */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    /** A row with the place in the order of all that its cursor needs. */
    private record Hit(AuditView view, String position, long sequence, String id, String ledger) {

        Cursor cursor(Parameters parameters, String order) {
            return parameters.cursorAfter(order, position, sequence, id, ledger);
        }
    }

    private final AuditIndex index;

    AuditController(AuditIndex index) {
        this.index = index;
    }

    @GetMapping("/v1/audit")
    Page<AuditView> search(HttpServletRequest request) {
        Parameters parameters = Parameters.ofList(request, "q", "from", "to", "kind", "ledger", "account", "type");
        if (ARRIVALS.equals(request.getParameter("cursor"))) {
            return arrivals(parameters, settled(parameters));
        }
        Optional<Cursor> cursor = parameters.cursor(CURSOR_SIZE);
        return cursor.isPresent() && cursor.get().text(0).equals(ARRIVALS)
                ? arrivals(parameters, cursor.get())
                : newest(parameters, cursor);
    }

    private Page<AuditView> newest(Parameters parameters, Optional<Cursor> after) {
        int limit = parameters.limit();
        ObjectNode search = search(query(parameters), newestFirst(), limit + 1);
        after.ifPresent(cursor -> search.putArray("search_after")
                .add(inIndex(cursor.value(1, OffsetDateTime::parse).toInstant()).toString())
                .add(cursor.number(2))
                .add(cursor.text(3))
                .add(cursor.text(4)));
        Page<Hit> page = Page.of(hits(parameters, search), limit, last -> last.cursor(parameters, NEWEST));
        return new Page<>(page.data().stream().map(Hit::view).toList(), page.next());
    }

    /** Never the last page. Where there is no more, the next begins so far back that nothing is left out. */
    private Page<AuditView> arrivals(Parameters parameters, Cursor after) {
        int limit = parameters.limit();
        Cursor settled = settled(parameters);
        ObjectNode query = query(parameters);
        ((ArrayNode) query.at("/bool/filter"))
                .addObject()
                .putObject("range")
                .putObject(INGESTED)
                .put("gte", after.number(1));
        ObjectNode search = search(query, asTheyCame(), limit);
        search.putArray("search_after")
                .add(after.number(1))
                .add(after.number(2))
                .add(after.text(3))
                .add(after.text(4));
        List<Hit> hits = hits(parameters, search);
        Cursor next = hits.isEmpty() ? after : hits.getLast().cursor(parameters, ARRIVALS);
        if (hits.size() < limit && next.number(1) > settled.number(1)) {
            next = settled;
        }
        return new Page<>(hits.stream().map(Hit::view).toList(), next.toString());
    }

    private static Cursor settled(Parameters parameters) {
        return parameters.cursorAfter(ARRIVALS, Instant.now().minus(SETTLING).toEpochMilli(), 0, "", "");
    }

    private static ObjectNode search(ObjectNode query, ArrayNode order, int size) {
        ObjectNode search = JSON.createObjectNode();
        search.put("size", size).put("timeout", TIME_LIMIT).put("track_total_hits", false);
        search.set("query", query);
        search.set("sort", order);
        return search;
    }

    private List<Hit> hits(Parameters parameters, ObjectNode search) {
        List<Hit> hits = new ArrayList<>();
        for (JsonNode hit : index.search(kinds(parameters), search).at("/hits/hits")) {
            hits.add(hit(hit));
        }
        return hits;
    }

    private static Set<AuditIndex.Kind> kinds(Parameters parameters) {
        return parameters
                .oneOf("kind", EVENT, REQUEST)
                .map(kind -> EnumSet.of(kind.equals(EVENT) ? AuditIndex.Kind.EVENT : AuditIndex.Kind.REQUEST))
                .orElse(EnumSet.allOf(AuditIndex.Kind.class));
    }

    private static ObjectNode query(Parameters parameters) {
        ObjectNode query = JSON.createObjectNode();
        ObjectNode bool = query.putObject("bool");
        ArrayNode filters = bool.putArray("filter");
        parameters
                .text("q", MAX_QUERY_LENGTH)
                .filter(q -> !q.isBlank())
                .ifPresent(q -> filters.add(SearchQuery.of(SearchText.read(q))));
        parameters
                .text("ledger", LedgerId.MAX_LENGTH)
                .map(RequestValues::ledger)
                .ifPresent(ledger -> is(filters, "daybook.ledger", ledger.value()));
        parameters.account("account").ifPresent(account -> is(filters, "daybook.accounts", account.value()));
        AuditTypes.of(parameters).ifPresent(type -> ofType(filters, type));
        Parameters.Span span = parameters.span();
        if (span.from().isPresent() || span.to().isPresent()) {
            ObjectNode range = filters.addObject().putObject("range").putObject("@timestamp");
            span.from().ifPresent(time -> range.put("gte", inIndex(time).toString()));
            span.to().ifPresent(time -> range.put("lt", inIndex(time).toString()));
        }
        return query;
    }

    private static void is(ArrayNode filters, String field, String value) {
        filters.addObject().putObject("term").put(field, value);
    }

    /** A name with its version, or without it for all its versions. */
    private static void ofType(ArrayNode filters, String type) {
        ArrayNode either = filters.addObject()
                .putObject("bool")
                .put("minimum_should_match", 1)
                .putArray("should");
        is(either, "event.action", type);
        either.addObject().putObject("prefix").put("event.action", type + ANY_VERSION);
    }

    private static Instant inIndex(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    /** A total order, so that pages neither overlap nor leave something out. */
    private static ArrayNode newestFirst() {
        ArrayNode order = JSON.createArrayNode();
        order.addObject()
                .putObject("@timestamp")
                .put("order", "desc")
                .put("format", "strict_date_optional_time_nanos")
                .put("numeric_type", "date_nanos")
                .put("unmapped_type", "date_nanos");
        order.addObject().putObject("event.sequence").put("order", "desc").put("unmapped_type", "long");
        order.addObject().putObject("event.id").put("order", "desc").put("unmapped_type", "keyword");
        byLedger(order).put("order", "desc");
        return order;
    }

    /** What came in the same moment is in the order of its ledger. */
    private static ArrayNode asTheyCame() {
        ArrayNode order = JSON.createArrayNode();
        order.addObject().putObject(INGESTED).put("unmapped_type", "date");
        order.addObject().putObject("event.sequence").put("unmapped_type", "long");
        order.addObject().putObject("event.id").put("unmapped_type", "keyword");
        byLedger(order);
        return order;
    }

    /** An event's id is unique in its ledger only. A request may be for none. */
    private static ObjectNode byLedger(ArrayNode order) {
        return order.addObject().putObject("daybook.ledger").put("missing", "").put("unmapped_type", "keyword");
    }

    private static Hit hit(JsonNode hit) {
        JsonNode source = hit.path("_source");
        JsonNode sort = hit.path("sort");
        boolean isRequest = REQUESTS.equals(text(source, "event", "dataset"));
        JsonNode data = isRequest ? RequestData.of(source) : field(source, "daybook", "data");
        AuditView view = new AuditView(
                source.path("@timestamp").asString(""),
                isRequest ? REQUEST : EVENT,
                text(source, "daybook", "ledger"),
                field(source, "event", "sequence").isNumber()
                        ? field(source, "event", "sequence").asLong()
                        : null,
                field(source, "event", "id").asString(""),
                text(source, "event", "action"),
                text(source, "user", "id"),
                text(source, "http", "request", "id"),
                text(source, "trace", "id"),
                source.path("message").asString(null),
                data.isMissingNode() ? null : data);
        return new Hit(
                view,
                sort.path(0).asString(""),
                sort.path(1).asLong(0),
                sort.path(2).asString(""),
                sort.path(3).asString(""));
    }

    private static @Nullable String text(JsonNode source, String... path) {
        JsonNode value = field(source, path);
        return value.isString() ? value.asString() : null;
    }

    private static JsonNode field(JsonNode source, String... path) {
        JsonNode value = source;
        for (String name : path) {
            value = value.path(name);
        }
        return value;
    }
}
