package io.daybook.query.audit;

import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Page;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AuditIndex;
import jakarta.servlet.http.HttpServletRequest;
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

/** Search over what happened and over every request, newest first. */
@RestController("queryAudit")
class AuditController {

    private static final int MAX_QUERY_LENGTH = 1_000;
    private static final String TIME_LIMIT = "4s";

    private static final List<String> SEARCHED_FIELDS = List.of(
            "message",
            "event.id",
            "http.request.id",
            "trace.id",
            "daybook.transaction.id",
            "daybook.transaction.reference",
            "daybook.accounts",
            "daybook.ledger");

    private static final String EVENT = "event";
    private static final String REQUEST = "request";
    private static final String REQUESTS = "daybook.requests";

    /** A type is a word of Daybook's own. */
    private static final int MAX_TYPE_LENGTH = 100;

    private static final String ANY_VERSION = ".v";

    /** Fuzzy and near searches are left out: they cost much and find little among addresses and ids. */
    private static final String OPERATORS = "AND|OR|NOT|PHRASE|PREFIX|PRECEDENCE|ESCAPE|WHITESPACE";

    /** The times that a field with nanoseconds can have; nothing was recorded outside them. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("2262-04-11T00:00:00Z");

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A row with the place in the order of all that its cursor needs. */
    private record Hit(AuditView view, String timestamp, long sequence, String id) {}

    private final AuditIndex index;

    AuditController(AuditIndex index) {
        this.index = index;
    }

    @GetMapping("/v1/audit")
    Page<AuditView> search(HttpServletRequest request) {
        Parameters parameters = Parameters.ofList(request, "q", "from", "to", "kind", "ledger", "account", "type");
        int limit = parameters.limit();
        ObjectNode search = JSON.createObjectNode();
        search.put("size", limit + 1).put("timeout", TIME_LIMIT).put("track_total_hits", false);
        search.set("query", query(parameters));
        search.set("sort", order());
        parameters.cursor(3).ifPresent(cursor -> search.putArray("search_after")
                .add(inIndex(cursor.value(0, OffsetDateTime::parse).toInstant()).toString())
                .add(cursor.number(1))
                .add(cursor.text(2)));
        List<Hit> hits = new ArrayList<>();
        for (JsonNode hit : index.search(kinds(parameters), search).at("/hits/hits")) {
            hits.add(hit(hit));
        }
        Page<Hit> page =
                Page.of(hits, limit, last -> parameters.cursorAfter(last.timestamp(), last.sequence(), last.id()));
        return new Page<>(page.data().stream().map(Hit::view).toList(), page.next());
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
        parameters.text("q", MAX_QUERY_LENGTH).filter(q -> !q.isBlank()).ifPresent(q -> {
            ObjectNode words = filters.addObject().putObject("simple_query_string");
            words.put("query", q)
                    .put("default_operator", "and")
                    .put("flags", OPERATORS)
                    .put("lenient", true);
            ArrayNode fields = words.putArray("fields");
            SEARCHED_FIELDS.forEach(field -> fields.add(field));
        });
        parameters
                .text("ledger", LedgerId.MAX_LENGTH)
                .map(RequestValues::ledger)
                .ifPresent(ledger -> is(filters, "daybook.ledger", ledger.value()));
        parameters.account("account").ifPresent(account -> is(filters, "daybook.accounts", account.value()));
        parameters.text("type", MAX_TYPE_LENGTH).ifPresent(type -> ofType(filters, type));
        Optional<Instant> from = parameters.time("from");
        Optional<Instant> to = parameters.time("to");
        if (from.isPresent() || to.isPresent()) {
            ObjectNode range = filters.addObject().putObject("range").putObject("@timestamp");
            from.ifPresent(time -> range.put("gte", inIndex(time).toString()));
            to.ifPresent(time -> range.put("lt", inIndex(time).toString()));
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
    private static ArrayNode order() {
        ArrayNode order = JSON.createArrayNode();
        order.addObject()
                .putObject("@timestamp")
                .put("order", "desc")
                .put("format", "strict_date_optional_time_nanos")
                .put("numeric_type", "date_nanos")
                .put("unmapped_type", "date_nanos");
        order.addObject().putObject("event.sequence").put("order", "desc").put("unmapped_type", "long");
        order.addObject().putObject("event.id").put("order", "desc").put("unmapped_type", "keyword");
        return order;
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
                hit.path("_id").asString(""),
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
                sort.path(2).asString(""));
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
