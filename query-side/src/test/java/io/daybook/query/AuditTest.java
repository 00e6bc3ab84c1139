package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.LedgerId;
import io.daybook.query.Client.Answer;
import io.daybook.stores.audit.AuditKind;
import io.daybook.stores.redis.BalanceKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Search over what happened, and how far each book is. */
class AuditTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final int EVENTS = 30;
    private static final int REQUESTS = 3;
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static Client client;

    @BeforeAll
    static void start() {
        stores = new Stores();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
        // The projection makes the first index before the first event: without one, events were lost.
        assertThat(client.get("/v1/audit?q=anything").code()).isEqualTo("unavailable");
        assertThat(client.get("/v1/audit?kind=request").body().path("data")).isEmpty();
        assertThat(client.get("/v1/projections").body().path("data")).isEmpty();

        String alias = AuditKind.EVENTS.named(stores.services.get("daybook.elasticsearch.index-prefix"));
        stores.elasticsearch(
                "PUT",
                "/" + alias + "-2026.01",
                "{\"aliases\": {\"%s\": {}}, \"mappings\": %s}".formatted(alias, mappings(AuditKind.EVENTS)));
        for (int i = 1; i <= EVENTS; i++) {
            // Three events share each time: recorded together, as a batch is.
            stores.elasticsearch("PUT", "/" + alias + "-2026.01/_doc/" + id(i), """
                    {"@timestamp": "2026-01-01T00:00:%02d.123456Z", "message": "Posted a sale to the shop",
                     "event": {"id": "%s", "action": "daybook.transaction-posted.v1", "kind": "event", "sequence": %d},
                     "user": {"id": "anonymous"}, "http": {"request": {"id": "request-%d"}},
                     "daybook": {"ledger": "berka", "accounts": ["accounts:%d", "bank:cash"],
                       "transaction": {"id": "%s", "reference": "order-%d"}, "data": {"n": "%d"}}}
                    """.formatted(
                            i / 3, id(i), i, i, 5950 + i, id(100 + i), i, i));
        }
        stores.elasticsearch("POST", "/" + alias + "/_refresh", "");
        String requests = AuditKind.REQUESTS.named(stores.services.get("daybook.elasticsearch.index-prefix"));
        stores.elasticsearch("PUT", "/" + requests, "{\"mappings\": %s}".formatted(mappings(AuditKind.REQUESTS)));
        for (int i = 1; i <= REQUESTS; i++) {
            stores.elasticsearch("PUT", "/" + requests + "/_doc/" + id(200 + i), """
                    {"@timestamp": "2026-01-01T00:00:0%d.5Z", "message": "GET /v1/audit: 422 refused",
                     "event": {"id": "%s", "action": "%s", "dataset": "daybook.requests", "duration": 1500},
                     "user": {"id": "anonymous"}, "trace": {"id": "%s"}, "host": {"name": "here"},
                     "http": {"route": "/v1/audit", "request": {"id": "request-2", "method": "GET", "body": {"bytes": 0}},
                       "response": {"status_code": 422, "body": {"bytes": 7}}},
                     "daybook": {"ledger": "shop", "accounts": ["users:%d"], "problem": {"code": "refused"}}}
                    """.formatted(
                            i, id(200 + i), i == 1 ? "command" : "query", TRACE, i));
        }
        stores.elasticsearch("POST", "/" + requests + "/_refresh", "");
        stores.books.sql("""
                        insert into projection values
                          ('audit', 1, 'running', 0, 0, 12.5, 0, null, now() + interval '1 hour', null),
                          ('balances', 1, 'stopped', 5, 100, 0, 1, 'a gap', now() + interval '1 hour', 2),
                          ('books', 2, 'running', 0, 0, 0, 0, null, now() - interval '11 seconds', 0)
                        """).update();
    }

    private static JsonNode mappings(AuditKind kind) {
        return JsonMapper.shared().readTree(kind.template()).at("/template/mappings");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static UUID id(int number) {
        return new UUID(0x1234L << 48, number);
    }

    @Test
    void an_event_is_found_by_everything_it_has_to_do_with() {
        for (String query : List.of(
                "%22accounts%3A5952%22",
                "accounts:5952",
                "request-2%20berka",
                "order-2",
                id(2).toString(),
                id(102).toString(),
                "berka%20order-2",
                "sale%20accounts:5952",
                "%22anonymous%22%20order-2",
                "accounts:5952%20-sold")) {
            assertThat(sequences("/v1/audit?q=" + query)).as(query).containsExactly(2L);
        }
        assertThat(ids("/v1/audit?q=request-2&limit=1")).hasSize(1);
        assertThat(sequences("/v1/audit?limit=1000&q=berka")).hasSize(EVENTS);
        assertThat(sequences("/v1/audit?limit=1000&q=sale")).hasSize(EVENTS);
        assertThat(sequences("/v1/audit?q=nothing")).isEmpty();
        assertThat(sequences("/v1/audit?kind=event&from=2026-01-01T00:00:01Z&to=2026-01-01T00:00:02Z"))
                .containsExactly(5L, 4L, 3L);
    }

    /** These documents are as they were before they had their words. */
    @Test
    void operators_are_those_of_sets_also_in_what_is_older() {
        assertThat(sequences("/v1/audit?q=order-2%20OR%20order-3")).containsExactly(3L, 2L);
        assertThat(sequences("/v1/audit?q=order-2%20%7C%20accounts:5953")).containsExactly(3L, 2L);
        assertThat(sequences("/v1/audit?q=order-2%20AND%20order-3")).isEmpty();
        assertThat(sequences("/v1/audit?q=sale%20AND%20(order-2%20OR%20order-3)%20NOT%20accounts:5953"))
                .containsExactly(2L);
        assertThat(sequences("/v1/audit?limit=1000&kind=event&q=NOT%20order-2"))
                .hasSize(EVENTS - 1)
                .doesNotContain(2L);
        assertThat(sequences("/v1/audit?q=accounts:595*&limit=1000"))
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(sequences("/v1/audit?q=%22to%20the%20shop%22%20order-1*&limit=1000"))
                .hasSize(11);
        assertThat(sequences("/v1/audit?q=%22the%20to%20shop%22")).isEmpty();
    }

    @Test
    void what_cannot_be_understood_is_refused_with_its_place() {
        Answer refused = client.get("/v1/audit?q=sale%20AND%20(order-2");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid-field");
        assertThat(refused.body().at("/errors/0/field").asString()).isEqualTo("q");
        assertThat(refused.body().at("/errors/0/message").asString())
                .isEqualTo("cannot be understood at character 10: this '(' is not closed");
        for (String query : List.of("%22", "((", "%2B-*", "%5C", "AND", "%7B%7D", "a%20%26%26%20b", "a%20OR")) {
            Answer answer = client.get("/v1/audit?q=" + query);
            assertThat(answer.code()).as(query).isEqualTo("invalid-field");
            assertThat(answer.body().toString()).contains("at character ").doesNotContainIgnoringCase("elastic");
        }
    }

    @Test
    void what_can_be_understood_is_never_too_much() {
        for (String query : List.of("a~9999", "%20", "field:%5B1", "a%20".repeat(100), "a*%20".repeat(100))) {
            assertThat(client.get("/v1/audit?q=" + query).status()).as(query).isEqualTo(200);
        }
        String deep = "-(a%20OR%20b%20".repeat(8) + "c" + ")".repeat(8);
        assertThat(client.get("/v1/audit?q=" + deep).status()).isEqualTo(200);
        assertThat(client.get("/v1/audit?q=" + "a*%20".repeat(101)).code()).isEqualTo("invalid-field");
        assertThat(client.get("/v1/audit?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")
                        .body()
                        .path("data"))
                .hasSize(EVENTS + REQUESTS);
        assertThat(client.get("/v1/audit?q=" + "a".repeat(1001)).code()).isEqualTo("invalid-field");
    }

    @Test
    void a_row_tells_who_did_what() {
        assertThat(client.get("/v1/audit?q=order-2").body().at("/data/0"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"timestamp": "2026-01-01T00:00:00.123456Z", "kind": "event", "ledger": "berka", "sequence": 2,
                         "id": "%s", "type": "daybook.transaction-posted.v1", "actor": "anonymous",
                         "requestId": "request-2", "traceId": null, "message": "Posted a sale to the shop", "data": {"n": "2"}}
                        """.formatted(id(2))));
    }

    @Test
    void a_request_is_found_and_tells_what_came_of_it() {
        assertThat(client.get("/v1/audit?q=" + TRACE + "&type=command").body().path("data"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        [{"timestamp": "2026-01-01T00:00:01.5Z", "kind": "request", "ledger": "shop", "sequence": null,
                          "id": "%s", "type": "command", "actor": "anonymous", "requestId": "request-2",
                          "traceId": "%s", "message": "GET /v1/audit: 422 refused",
                          "data": {"method": "GET", "route": "/v1/audit", "status": 422, "problem": "refused",
                            "durationNanos": 1500, "requestBytes": 0, "responseBytes": 7, "server": "here"}}]
                        """.formatted(id(201), TRACE)));
        assertThat(ids("/v1/audit?q=refused")).hasSize(REQUESTS);
    }

    @Test
    void filters_narrow_what_is_found() {
        assertThat(ids("/v1/audit?limit=1000&kind=event")).hasSize(EVENTS);
        assertThat(ids("/v1/audit?kind=request")).hasSize(REQUESTS);
        assertThat(ids("/v1/audit?ledger=shop")).hasSize(REQUESTS);
        assertThat(ids("/v1/audit?account=users:2")).containsExactly(id(202).toString());
        assertThat(ids("/v1/audit?account=accounts:5952")).containsExactly(id(2).toString());
        assertThat(ids("/v1/audit?limit=1000&type=daybook.transaction-posted.v1"))
                .hasSize(EVENTS);
        assertThat(ids("/v1/audit?limit=1000&type=daybook.transaction-posted")).hasSize(EVENTS);
        assertThat(ids("/v1/audit?type=query&kind=event")).isEmpty();
        for (String wrong : List.of(
                "kind=both",
                "ledger=A",
                "account=%20",
                "type=daybook.transaction",
                "type=transaction-posted",
                "type=daybook.transaction-posted.v",
                "type=daybook.transaction-posted.v2",
                "type=daybook.transaction-posted.v0",
                "type=Command",
                "type=",
                "type=a,b",
                "from=2026-02-01T00:00:00Z&to=2026-01-31T23:59:59.999999Z")) {
            assertThat(client.get("/v1/audit?" + wrong).code()).as(wrong).isEqualTo("invalid-field");
        }
    }

    /** An id is unique in its ledger only. */
    @Test
    void events_of_two_ledgers_with_the_same_id_are_both_on_the_pages() {
        String index = "/" + stores.services.get("daybook.elasticsearch.index-prefix") + "-events-2026.01";
        try {
            for (String ledger : List.of("one", "two", "three")) {
                stores.elasticsearch(
                        "PUT", index + "/_doc/" + ledger + ":1?refresh=true", """
                        {"@timestamp": "2026-01-01T00:00:40Z", "message": "twins",
                         "event": {"id": "%s", "sequence": 1, "ingested": "2026-01-01T00:00:41Z"},
                         "daybook": {"ledger": "%s"}}
                        """.formatted(id(400), ledger));
            }
            List<String> ledgers = new ArrayList<>();
            String cursor = "";
            for (int page = 0; page < 3; page++) {
                Answer answer = client.get("/v1/audit?q=twins&limit=1" + cursor);
                ledgers.add(answer.body().at("/data/0/ledger").asString());
                assertThat(answer.body().at("/data/0/id").asString()).isEqualTo(id(400).toString());
                cursor = "&cursor=" + next(answer);
            }
            assertThat(ledgers).containsExactlyInAnyOrder("one", "two", "three");
        } finally {
            for (String ledger : List.of("one", "two", "three")) {
                stores.elasticsearch("DELETE", index + "/_doc/" + ledger + ":1?refresh=true", "");
            }
        }
    }

    @Test
    void pages_neither_overlap_nor_leave_something_out() {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = client.get("/v1/audit?limit=7" + cursor);
            page.body()
                    .path("data")
                    .forEach(row -> seen.add(
                            row.path("timestamp").asString() + row.path("id").asString()));
            cursor = page.body().path("next").isNull()
                    ? ""
                    : "&cursor=" + page.body().path("next").asString();
        } while (!cursor.isEmpty());

        assertThat(seen)
                .hasSize(EVENTS + REQUESTS)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    private static void came(String index, int number, String recorded, String ingested, String more) {
        stores.elasticsearch(
                "PUT",
                "/" + stores.services.get("daybook.elasticsearch.index-prefix") + index + "/_doc/" + id(number)
                        + "?refresh=true",
                """
                {"@timestamp": "%s", "event": {"id": "%s", %s%s}, "daybook": {"ledger": "late"}}
                """.formatted(recorded, id(number), ingested, more));
    }

    private static String ingested(Instant at) {
        return "\"ingested\": \"" + at + "\", ";
    }

    @Test
    void what_comes_late_is_listed_as_it_comes() {
        Instant now = Instant.now();
        String events = "-events-2026.01";
        String list = "/v1/audit?ledger=late&limit=2&cursor=";
        Answer begun = client.get(list + "arrivals");
        assertThat(begun.body().path("data")).isEmpty();
        try {
            came(events, 301, "2020-01-01T00:00:02Z", ingested(now), "\"sequence\": 2");
            came(events, 302, "2020-01-01T00:00:01Z", ingested(now), "\"sequence\": 1");
            came("-requests", 303, "1999-01-01T00:00:00Z", ingested(now), "\"dataset\": \"daybook.requests\"");
            came(events, 304, "2026-01-01T00:00:00Z", ingested(now.plusMillis(1)), "\"sequence\": 4");
            came(events, 305, "2026-01-01T00:00:00Z", "", "\"sequence\": 5");
            came(events, 306, "2026-01-01T00:00:00Z", ingested(now.minusSeconds(600)), "\"sequence\": 6");

            Answer first = arrivals(list, begun, 302, 301);
            Answer second = arrivals(list, first, 303, 304);
            Answer end = arrivals(list, second);
            // It was given to Elasticsearch before the others, and is found after them.
            came(events, 307, "2019-01-01T00:00:00Z", ingested(now.minusSeconds(5)), "\"sequence\": 7");
            arrivals(list, arrivals(list, arrivals(list, end, 307, 302), 301, 303), 304);

            assertThat(client.get("/v1/audit?cursor=" + next(first)).code()).isEqualTo("invalid-field");
            assertThat(client.get("/v1/audit?ledger=late&kind=request&cursor=arrivals")
                            .body()
                            .at("/data/0/id")
                            .asString())
                    .isEqualTo(id(303).toString());
        } finally {
            StringBuilder deletions = new StringBuilder();
            for (int number = 301; number <= 307; number++) {
                deletions
                        .append("{\"delete\": {\"_index\": \"")
                        .append(stores.services.get("daybook.elasticsearch.index-prefix"))
                        .append(number == 303 ? "-requests" : events)
                        .append("\", \"_id\": \"" + id(number) + "\"}}\n");
            }
            stores.elasticsearch("POST", "/_bulk?refresh=true", deletions.toString());
        }
    }

    private static String next(Answer page) {
        return page.body().path("next").asString();
    }

    private static Answer arrivals(String list, Answer before, int... ids) {
        Answer page = client.get(list + next(before));
        assertThat(page.body().path("data").valueStream().map(row -> row.path("id")
                        .asString()))
                .containsExactlyElementsOf(
                        IntStream.of(ids).mapToObj(id -> id(id).toString()).toList());
        assertThat(page.body().path("next").isString()).isTrue();
        return page;
    }

    @Test
    void a_rebuild_after_an_upgrade_is_told() {
        assertRebuild("live_format = 1, format = 2", "{'state': 'due', 'from': 1, 'to': 2}");
        assertRebuild(
                "aside = 2, aside_format = 2, state = 'building', events = 50, behind = 7, rebuild_asked = true",
                "{'state': 'running', 'from': 1, 'to': 2, 'events': 50, 'behind': 7}");
        assertRebuild(
                "state = 'paused', detail = 'it is wrong'",
                "{'state': 'paused', 'from': 1, 'to': 2, 'events': 50, 'behind': 7, 'detail': 'it is wrong'}");
        assertRebuild(
                "state = null, aside = null, aside_format = null, detail = 'discarded'",
                "{'state': 'given-up', 'from': 1, 'to': 2, 'detail': 'discarded'}");
        assertRebuild("live_format = 2", null);
    }

    private static void assertRebuild(String change, @Nullable String told) {
        stores.books
                .sql("update generation set " + change + " where projection = 'audit'")
                .update();
        var rebuild = client.get("/v1/projections").body().at("/data/0/rebuild");
        if (told == null) {
            assertThat(rebuild.isMissingNode()).isTrue();
        } else {
            assertThat(rebuild).isEqualTo(JsonMapper.shared().readTree(told.replace('\'', '"')));
        }
    }

    @Test
    void projections_tell_of_themselves_and_of_one_ledger() {
        stores.ledger("berka").open();
        stores.redis(KEYS.position(new LedgerId("berka")), "17");

        assertThat(client.get("/v1/projections").body())
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"data": [
                          {"name": "audit", "generation": 1, "state": "running", "lagEvents": 0, "lagMillis": 0,
                           "rate": 12.5, "parked": 0, "incomplete": null},
                          {"name": "balances", "generation": 1, "state": "stopped", "lagEvents": 5, "lagMillis": 100,
                           "rate": 0.0, "parked": 1, "incomplete": 2, "detail": "a gap"},
                          {"name": "books", "generation": 2, "state": "not-running", "lagEvents": 0, "lagMillis": 0,
                           "rate": 0.0, "parked": 0, "incomplete": null}]}
                        """));
        var berka = client.get("/v1/projections?ledger=berka").body().path("data");
        assertThat(berka.at("/0/sequence").asLong()).isEqualTo(EVENTS);
        assertThat(berka.at("/1/sequence").asLong()).isEqualTo(17);
        assertThat(berka.at("/2/sequence").asLong()).isEqualTo(1);
        assertThat(berka.at("/2/name").asString()).isEqualTo("books");
        stores.park("balances", "acme", 3, 3, "WRONGTYPE");
        stores.park("books", "berka", 2, 9, "event 2 of ledger berka cannot be read");
        assertThat(client.get("/v1/projections").body().at("/data/1/parkedLedgers"))
                .hasSize(1);
        berka = client.get("/v1/projections?ledger=berka").body().path("data");
        assertThat(berka.at("/1/parkedLedgers").isMissingNode()).isTrue();
        assertThat(berka.at("/2/parkedLedgers")).isEqualTo(JsonMapper.shared().readTree("""
                        [{"ledger": "berka", "sequence": 2, "events": 8,
                          "reason": "event 2 of ledger berka cannot be read", "since": "2026-01-31T09:00:00.123456Z"}]
                        """));
        assertThat(client.get("/v1/projections?ledger=other").body().path("data"))
                .allSatisfy(row -> assertThat(row.path("sequence").isNull()).isTrue());
    }

    private static List<Long> sequences(String path) {
        List<Long> sequences = new ArrayList<>();
        client.get(path)
                .body()
                .path("data")
                .forEach(row -> sequences.add(row.path("sequence").asLong()));
        return sequences;
    }

    private static List<String> ids(String path) {
        return client.get(path)
                .body()
                .path("data")
                .valueStream()
                .map(row -> row.path("id").asString())
                .toList();
    }

    @Test
    void what_elasticsearch_refuses_does_not_look_as_if_nothing_was_found() {
        String settings = "/" + stores.services.get("daybook.elasticsearch.index-prefix") + "-events-2026.01/_settings";

        stores.elasticsearch("PUT", settings, "{\"index.blocks.read\": true}");
        try {
            assertThat(client.get("/v1/audit?q=sale").code()).isEqualTo("unavailable");
        } finally {
            stores.elasticsearch("PUT", settings, "{\"index.blocks.read\": false}");
        }
        assertThat(client.get("/v1/audit?q=sale").body().path("data")).isNotEmpty();
    }
}
