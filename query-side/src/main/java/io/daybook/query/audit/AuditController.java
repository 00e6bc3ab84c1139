package io.daybook.query.audit;

import io.daybook.query.request.Page;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.AuditIndex;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Search over what happened, newest first. */
@RestController("queryAudit")
class AuditController {

    private static final int MAX_QUERY_LENGTH = 1_000;
    private static final String TIME_LIMIT = "4s";

    private static final List<String> SEARCHED_FIELDS = List.of(
            "message",
            "event.id",
            "http.request.id",
            "daybook.transaction.id",
            "daybook.transaction.reference",
            "daybook.accounts",
            "daybook.ledger");

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
        Parameters parameters = Parameters.ofList(request, "q", "from", "to");
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
        for (JsonNode hit : index.search(search).at("/hits/hits")) {
            hits.add(hit(hit));
        }
        Page<Hit> page =
                Page.of(hits, limit, last -> parameters.cursorAfter(last.timestamp(), last.sequence(), last.id()));
        return new Page<>(page.data().stream().map(Hit::view).toList(), page.next());
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
        Optional<Instant> from = parameters.time("from");
        Optional<Instant> to = parameters.time("to");
        if (from.isPresent() || to.isPresent()) {
            ObjectNode range = filters.addObject().putObject("range").putObject("@timestamp");
            from.ifPresent(time -> range.put("gte", inIndex(time).toString()));
            to.ifPresent(time -> range.put("lt", inIndex(time).toString()));
        }
        return query;
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
        JsonNode data = field(source, "daybook", "data");
        AuditView view = new AuditView(
                source.path("@timestamp").asString(""),
                text(source, "event", "kind"),
                text(source, "daybook", "ledger"),
                field(source, "event", "sequence").isNumber()
                        ? field(source, "event", "sequence").asLong()
                        : null,
                hit.path("_id").asString(""),
                text(source, "event", "action"),
                text(source, "user", "id"),
                text(source, "http", "request", "id"),
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

    /** A field of a document, in which names may be nested or joined by dots. */
    private static JsonNode field(JsonNode source, String... path) {
        JsonNode dotted = source.path(String.join(".", path));
        if (!dotted.isMissingNode()) {
            return dotted;
        }
        JsonNode value = source;
        for (String name : path) {
            value = value.path(name);
        }
        return value;
    }
}
