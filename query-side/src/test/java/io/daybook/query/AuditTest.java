package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.query.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Search over what happened, and how far each book is. */
class AuditTest {

    private static final int EVENTS = 30;

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static Client client;

    @BeforeAll
    static void start() {
        stores = new Stores();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
        // Before the first event there is no index.
        assertThat(client.get("/v1/audit?q=anything").body().path("data")).isEmpty();
        assertThat(client.get("/v1/projections").body().path("data")).isEmpty();

        String alias = stores.services.get("daybook.elasticsearch.index-prefix") + "-events";
        stores.elasticsearch("PUT", "/" + alias + "-2026.01", """
                {"aliases": {"%s": {}},
                 "mappings": {"dynamic": "strict", "properties": {
                   "@timestamp": {"type": "date_nanos"},
                   "message": {"type": "text"},
                   "event": {"properties": {"id": {"type": "keyword"}, "action": {"type": "keyword"},
                     "kind": {"type": "keyword"}, "dataset": {"type": "keyword"}, "sequence": {"type": "long"}}},
                   "user": {"properties": {"id": {"type": "keyword"}}},
                   "http": {"properties": {"request": {"properties": {"id": {"type": "keyword"}}}}},
                   "daybook": {"properties": {"ledger": {"type": "keyword"}, "accounts": {"type": "keyword"},
                     "transaction": {"properties": {"id": {"type": "keyword"}, "reference": {"type": "keyword"}}},
                     "data": {"type": "object", "enabled": false}}}}}}
                """.formatted(alias));
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
        stores.books.sql("""
                        insert into projection values
                          ('audit', 1, 'running', 0, 0, 12.5, 0, null, now()),
                          ('balances', 1, 'stopped', 5, 100, 0, 1, 'a hole', now()),
                          ('books', 2, 'running', 0, 0, 0, 0, null, now() - interval '11 seconds')
                        """).update();
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
                "request-2",
                "order-2",
                id(2).toString(),
                id(102).toString(),
                "berka%20order-2",
                "sale%20accounts:5952",
                "accounts:5952%20-sold")) {
            assertThat(sequences("/v1/audit?q=" + query)).as(query).containsExactly(2L);
        }
        assertThat(sequences("/v1/audit?limit=1000&q=berka")).hasSize(EVENTS);
        assertThat(sequences("/v1/audit?limit=1000&q=sale")).hasSize(EVENTS);
        assertThat(sequences("/v1/audit?q=nothing")).isEmpty();
        assertThat(sequences("/v1/audit?from=2026-01-01T00:00:01Z&to=2026-01-01T00:00:02Z"))
                .containsExactly(5L, 4L, 3L);
    }

    @Test
    void any_text_is_a_query() {
        for (String query : List.of("%22", "((", "%2B-*", "a~9999", "%5C", "AND", "%7B%7D", "%20", "field:%5B1")) {
            assertThat(client.get("/v1/audit?q=" + query).status()).as(query).isEqualTo(200);
        }
        assertThat(client.get("/v1/audit?q=" + "a*%20".repeat(333)).status()).isIn(200, 400);
        assertThat(client.get("/v1/audit?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")
                        .body()
                        .path("data"))
                .hasSize(EVENTS);
        assertThat(client.get("/v1/audit?q=" + "a".repeat(1001)).code()).isEqualTo("invalid-field");
        assertThat(client.get("/v1/audit?q=" + "a%20".repeat(500)).status()).isEqualTo(200);
    }

    @Test
    void a_row_tells_who_did_what() {
        assertThat(client.get("/v1/audit?q=order-2").body().at("/data/0"))
                .isEqualTo(tools.jackson.databind.json.JsonMapper.shared().readTree("""
                        {"timestamp": "2026-01-01T00:00:00.123456Z", "kind": "event", "ledger": "berka", "sequence": 2,
                         "id": "%s", "type": "daybook.transaction-posted.v1", "actor": "anonymous",
                         "requestId": "request-2", "message": "Posted a sale to the shop", "data": {"n": "2"}}
                        """.formatted(id(2))));
    }

    @Test
    void pages_neither_overlap_nor_leave_something_out() {
        List<Long> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = client.get("/v1/audit?limit=7" + cursor);
            page.body()
                    .path("data")
                    .forEach(row -> seen.add(row.path("sequence").asLong()));
            cursor = page.body().path("next").isNull()
                    ? ""
                    : "&cursor=" + page.body().path("next").asString();
        } while (!cursor.isEmpty());

        assertThat(seen).hasSize(EVENTS).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void projections_tell_of_themselves_and_of_one_ledger() {
        stores.ledger("berka").open();
        stores.redis("daybook:{berka}:sequence", "17");

        assertThat(client.get("/v1/projections").body())
                .isEqualTo(tools.jackson.databind.json.JsonMapper.shared().readTree("""
                        {"data": [
                          {"name": "audit", "generation": 1, "state": "running", "lagEvents": 0, "lagMillis": 0,
                           "rate": 12.5, "parked": 0},
                          {"name": "balances", "generation": 1, "state": "stopped", "lagEvents": 5, "lagMillis": 100,
                           "rate": 0.0, "parked": 1, "detail": "a hole"},
                          {"name": "books", "generation": 2, "state": "not-running", "lagEvents": 0, "lagMillis": 0,
                           "rate": 0.0, "parked": 0}]}
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
        assertThat(berka.at("/2/parkedLedgers"))
                .isEqualTo(tools.jackson.databind.json.JsonMapper.shared().readTree("""
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
}
