package io.daybook.query.audit;

import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Cursor;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AuditIndex;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
                .putObject(AuditField.INGESTED.path())
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

    private static Set<AuditKind> kinds(Parameters parameters) {
        return parameters
                .oneOf("kind", EVENT, REQUEST)
                .map(kind -> Set.of(kind.equals(EVENT) ? AuditKind.EVENTS : AuditKind.REQUESTS))
                .orElse(AuditIndex.SEARCHED);
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
                .ifPresent(ledger -> is(filters, AuditField.LEDGER.path(), ledger.value()));
        parameters.account("account").ifPresent(account -> is(filters, AuditField.ACCOUNTS.path(), account.value()));
        AuditTypes.of(parameters).ifPresent(type -> ofType(filters, type));
        Parameters.Span span = parameters.span();
        if (span.from().isPresent() || span.to().isPresent()) {
            ObjectNode range = filters.addObject().putObject("range").putObject(AuditField.TIMESTAMP.path());
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
        is(either, AuditField.ACTION.path(), type);
        either.addObject().putObject("prefix").put(AuditField.ACTION.path(), type + ANY_VERSION);
    }

    private static Instant inIndex(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    /** A total order, so that pages neither overlap nor leave something out. */
    private static ArrayNode newestFirst() {
        ArrayNode order = JSON.createArrayNode();
        order.addObject()
                .putObject(AuditField.TIMESTAMP.path())
                .put("order", "desc")
                .put("format", "strict_date_optional_time_nanos")
                .put("numeric_type", "date_nanos")
                .put("unmapped_type", "date_nanos");
        order.addObject()
                .putObject(AuditField.SEQUENCE.path())
                .put("order", "desc")
                .put("unmapped_type", "long");
        order.addObject().putObject(AuditField.ID.path()).put("order", "desc").put("unmapped_type", "keyword");
        byLedger(order).put("order", "desc");
        return order;
    }

    /** What came in the same moment is in the order of its ledger. */
    private static ArrayNode asTheyCame() {
        ArrayNode order = JSON.createArrayNode();
        order.addObject().putObject(AuditField.INGESTED.path()).put("unmapped_type", "date");
        order.addObject().putObject(AuditField.SEQUENCE.path()).put("unmapped_type", "long");
        order.addObject().putObject(AuditField.ID.path()).put("unmapped_type", "keyword");
        byLedger(order);
        return order;
    }

    /** An event's id is unique in its ledger only. A request may be for none. */
    private static ObjectNode byLedger(ArrayNode order) {
        return order.addObject()
                .putObject(AuditField.LEDGER.path())
                .put("missing", "")
                .put("unmapped_type", "keyword");
    }

    private static Hit hit(JsonNode hit) {
        JsonNode source = hit.path("_source");
        JsonNode sort = hit.path("sort");
        boolean isRequest = AuditKind.REQUESTS.dataset().equals(text(source, AuditField.DATASET));
        JsonNode data = isRequest ? RequestData.of(source) : AuditField.DATA.in(source);
        JsonNode sequence = AuditField.SEQUENCE.in(source);
        AuditView view = new AuditView(
                AuditField.TIMESTAMP.in(source).asString(""),
                isRequest ? REQUEST : EVENT,
                text(source, AuditField.LEDGER),
                sequence.isNumber() ? sequence.asLong() : null,
                AuditField.ID.in(source).asString(""),
                text(source, AuditField.ACTION),
                text(source, AuditField.ACTOR),
                text(source, AuditField.REQUEST_ID),
                text(source, AuditField.TRACE_ID),
                AuditField.MESSAGE.in(source).asString(null),
                data.isMissingNode() ? null : data);
        return new Hit(
                view,
                sort.path(0).asString(""),
                sort.path(1).asLong(0),
                sort.path(2).asString(""),
                sort.path(3).asString(""));
    }

    private static @Nullable String text(JsonNode source, AuditField field) {
        JsonNode value = field.in(source);
        return value.isString() ? value.asString() : null;
    }
}
