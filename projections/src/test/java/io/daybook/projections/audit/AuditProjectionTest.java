package io.daybook.projections.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.projections.History;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.StoreLossException;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the audit has of each kind of event. */
class AuditProjectionTest {

    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress SHOP = new AccountAddress("shop");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final UUID HOLD = new UUID(1, 1);
    private static final UUID SALE = new UUID(2, 2);

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final String prefix = services.get("daybook.elasticsearch.index-prefix");
    private final Rest5Client client = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final SingleConnectionDataSource database = new SingleConnectionDataSource(
            services.get("daybook.books.jdbc-url") + "?currentSchema=" + BooksDatabase.SEARCH_PATH,
            services.get("daybook.books.username"),
            services.get("daybook.books.password"),
            true);
    private final AuditCluster cluster = new AuditCluster(client);
    private final AuditIndices indices = AuditIndices.of(prefix, 1);
    private final KnownIndices known =
            new KnownIndices(cluster, new JdbcTemplate(database), new JdbcTransactionManager(database));
    private final AuditProjection projection = new AuditProjection(cluster, known, indices, 2, true);
    private final History history = new History("acme");

    @BeforeEach
    void prepare() throws IOException {
        new BooksSchemas(database).migrate();
        projection.prepare();
        projection.apply(List.of(history.add(new LedgerOpened(null, Map.of()))));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        database.destroy();
    }

    private JsonNode send(String method, String path, String body) throws IOException {
        Request request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        return JsonMapper.shared()
                .readTree(client.performRequest(request).getEntity().getContent());
    }

    private JsonNode documentOf(LedgerEvent event) throws IOException {
        projection.apply(List.of(history.add(event)));
        send("POST", "/" + prefix + "-events/_refresh", "");
        return send(
                        "POST",
                        "/" + prefix + "-events/_search",
                        "{\"query\":{\"term\":{\"event.sequence\":%d}}}"
                                .formatted(history.events().size()))
                .at("/hits/hits/0/_source");
    }

    private long count(String field, String value) throws IOException {
        return send(
                        "POST",
                        "/" + prefix + "-events/_count",
                        "{\"query\":{\"term\":{\"%s\":\"%s\"}}}".formatted(field, value))
                .path("count")
                .asLong();
    }

    private static Posting usd(AccountAddress source, AccountAddress destination, long amount) {
        return new Posting(source, destination, USD, Amount.of(amount));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /** Business times reach from the year 1 to 9999. */
    @Test
    void an_event_is_found_by_any_effective_time_that_the_contract_allows() throws IOException {
        for (String time : List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z")) {
            JsonNode posted = documentOf(new TransactionPosted(
                    UUID.randomUUID(), null, List.of(usd(ALICE, SHOP, 1)), Instant.parse(time), Map.of()));
            JsonNode reversed = documentOf(new TransactionReversed(
                    UUID.randomUUID(), SALE, List.of(usd(SHOP, ALICE, 1)), Instant.parse(time), Map.of()));
            JsonNode placed = documentOf(
                    new HoldPlaced(UUID.randomUUID(), ALICE, SHOP, USD, Amount.of(1), Instant.parse(time), Map.of()));

            assertThat(posted.at("/daybook/effective_at").asString()).isEqualTo(time);
            assertThat(reversed.at("/daybook/effective_at").asString()).isEqualTo(time);
            assertThat(placed.at("/daybook/hold/expires_at").asString()).isEqualTo(time);
            assertThat(count("daybook.effective_at", time)).isEqualTo(2);
            assertThat(count("daybook.hold.expires_at", time)).isEqualTo(1);
        }
    }

    @Test
    void a_hold_is_found_by_its_id_from_its_placing_to_its_end() throws IOException {
        JsonNode placed = documentOf(new HoldPlaced(
                HOLD, ALICE, SHOP, USD, Amount.of(1000), Instant.parse("2026-02-28T00:00:00Z"), Map.of("room", "12")));
        JsonNode captured = documentOf(new HoldCaptured(
                SALE, HOLD, List.of(usd(ALICE, SHOP, 650)), Amount.of(50), false, NOON, Map.of("room", "12")));
        JsonNode released = documentOf(new HoldReleased(HOLD, ALICE, USD, Amount.of(300), HoldReleased.Reason.EXPIRED));

        assertThat(placed.path("message").asString())
                .isEqualTo("held 10.00 USD at alice for shop in ledger acme, hold " + HOLD);
        assertThat(placed.at("/daybook/hold"))
                .isEqualTo(json(
                        "{'id':'%s','amount':'1000','value':10.0,'expires_at':'2026-02-28T00:00:00Z','metadata':{'room':'12'}}"
                                .formatted(HOLD)));
        assertThat(placed.at("/daybook/accounts")).isEqualTo(json("['alice','shop']"));
        assertThat(placed.at("/daybook/chain").asInt()).isEqualTo(2);
        assertThat(captured.path("message").asString())
                .isEqualTo("captured 6.50 USD from alice to shop, released 0.50 USD in ledger acme, hold " + HOLD);
        assertThat(captured.at("/daybook/transaction/id").asString()).isEqualTo(SALE.toString());
        assertThat(captured.at("/daybook/effective_at").asString()).isEqualTo(NOON.toString());
        assertThat(captured.at("/daybook/postings/0/value").asDouble()).isEqualTo(6.5);
        assertThat(released.path("message").asString())
                .isEqualTo("released 3.00 USD at alice in ledger acme, hold " + HOLD + " expired");
        assertThat(released.at("/daybook/hold/reason").asString()).isEqualTo("expired");
        assertThat(count("daybook.hold.id", HOLD.toString())).isEqualTo(3);
        assertThat(count("daybook.hold.metadata.room", "12")).isEqualTo(1);
        assertThat(count("daybook.assets", "USD/2")).isEqualTo(3);
    }

    @Test
    void a_reversal_is_found_by_what_it_reverses() throws IOException {
        JsonNode posted =
                documentOf(new TransactionPosted(SALE, "order 1", List.of(usd(ALICE, SHOP, 5)), NOON, Map.of()));
        JsonNode reversed = documentOf(
                new TransactionReversed(HOLD, SALE, List.of(usd(SHOP, ALICE, 5)), NOON, Map.of("why", "returned")));

        assertThat(posted.path("message").asString())
                .isEqualTo("posted 0.05 USD from alice to shop in ledger acme, reference order 1");
        assertThat(reversed.path("message").asString())
                .isEqualTo("reversed transaction " + SALE + ", 0.05 USD from shop to alice in ledger acme");
        assertThat(count("daybook.transaction.reverses", SALE.toString())).isEqualTo(1);
    }

    @Test
    void what_a_transaction_moves_can_be_summed_by_its_asset_if_it_has_one() throws IOException {
        Asset points = new Asset("POINTS");
        JsonNode inDollars = documentOf(new TransactionPosted(
                SALE, null, List.of(usd(ALICE, SHOP, 1050), usd(SHOP, ALICE, 5)), NOON, Map.of()));
        JsonNode mixed = documentOf(new TransactionPosted(
                HOLD,
                null,
                List.of(usd(ALICE, SHOP, 1050), new Posting(SHOP, ALICE, points, Amount.of(10))),
                NOON,
                Map.of()));

        assertThat(inDollars.at("/daybook/moved")).isEqualTo(json("{'asset':'USD/2','value':10.55}"));
        assertThat(mixed.at("/daybook/moved").isMissingNode()).isTrue();
    }

    @Test
    void how_long_an_event_was_on_its_way_is_told_if_it_is_new() throws IOException {
        JsonNode asItHappened = documentOf(new MetadataChanged(ALICE, null, Map.of()));
        Map<String, Object> anew = EventDocument.of(history.events().getLast(), false);

        assertThat(asItHappened.at("/daybook/lag_millis").asLong()).isPositive();
        assertThat(asItHappened.at("/event/ingested").isMissingNode()).isFalse();
        assertThat(((Map<?, ?>) anew.get("daybook")).containsKey("lag_millis")).isFalse();
        assertThat(((Map<?, ?>) anew.get("event")).containsKey("ingested")).isFalse();
    }

    private JsonNode document(PublishedEvent event) throws IOException {
        return send("GET", "/" + prefix + "-events-2026.01/_doc/" + event.ledger() + ":" + event.sequence(), "")
                .path("_source");
    }

    private static void repair(AuditRepair repair, List<PublishedEvent> events) throws IOException {
        repair.begin(0);
        repair.post(events);
        repair.finish(events.getLast().sequence());
    }

    @Test
    void what_a_repair_adds_is_new_and_what_it_replaces_is_not() throws IOException {
        PublishedEvent posted = history.events().getFirst();
        PublishedEvent parked = history.add(new MetadataChanged(ALICE, null, Map.of()));
        repair(new AuditRepair(cluster, known, AuditIndices.of(prefix, 1), 2, posted.ledger()), history.events());

        assertThat(document(posted).at("/event/ingested").isMissingNode()).isTrue();
        assertThat(document(parked).at("/event/ingested").isMissingNode()).isFalse();
        assertThat(document(parked).at("/daybook/lag_millis").asLong()).isPositive();
    }

    /** Each was given its id by who imported it. */
    @Test
    void events_of_two_ledgers_with_the_same_id_are_both_there() throws IOException {
        PublishedEvent one = history.events().getFirst();
        RecordedEvent recorded = one.recorded();
        PublishedEvent other = new PublishedEvent(
                new RecordedEvent(new LedgerId("other"), recorded.envelope(), recorded.event()),
                one.type(),
                one.data());

        projection.apply(List.of(other));
        send("POST", "/" + prefix + "-events/_refresh", "");

        assertThat(count("event.id", recorded.id().toString())).isEqualTo(2);
        repair(new AuditRepair(cluster, known, indices, 2, other.ledger()), List.of(other));
        assertThat(count("event.id", recorded.id().toString())).isEqualTo(2);
    }

    /** What is in an index of format 1 comes again after the upgrade, and is not there twice. */
    @Test
    void a_generation_keeps_the_names_of_its_format() throws IOException {
        AuditIndices old = AuditIndices.of(prefix, 7);
        AuditProjection before = new AuditProjection(cluster, known, old, 1, true);
        before.prepare();
        before.apply(history.events());
        PublishedEvent next = history.add(new MetadataChanged(ALICE, null, Map.of("tier", "gold")));
        before.apply(List.of(next));
        AuditProjection again = new AuditProjection(cluster, known, old, 1, true);
        again.prepare();
        again.apply(history.events());
        repair(new AuditRepair(cluster, known, old, 1, next.ledger()), history.events());

        assertThat(send("GET", "/" + old.all() + "/_search", "")
                        .at("/hits/hits")
                        .valueStream()
                        .map(hit -> hit.path("_id").asString()))
                .containsExactlyInAnyOrderElementsOf(history.events().stream()
                        .map(event -> event.recorded().id().toString())
                        .toList());
    }

    @Test
    void a_generation_beside_the_live_one_has_as_new_what_was_recorded_just_now() throws IOException {
        PublishedEvent old = history.events().getFirst();
        RecordedEvent recorded = old.recorded();
        PublishedEvent young = new PublishedEvent(
                new RecordedEvent(
                        recorded.ledger(),
                        new Envelope(
                                2,
                                UUID.randomUUID(),
                                Instant.now(),
                                recorded.requestId(),
                                recorded.actor(),
                                recorded.chain(),
                                recorded.hash()),
                        recorded.event()),
                old.type(),
                old.data());
        AuditIndices indices = AuditIndices.of(prefix, 2);
        AuditProjection aside = new AuditProjection(cluster, known, indices, 2, false);
        aside.prepare();

        aside.apply(List.of(old, young));

        send("POST", "/" + indices.all() + "/_refresh", "");
        assertThat(send("GET", "/" + indices.all() + "/_search?q=_exists_:event.ingested", "")
                        .at("/hits/hits"))
                .singleElement()
                .satisfies(hit ->
                        assertThat(hit.path("_id").asString()).isEqualTo(young.ledger() + ":" + young.sequence()));
    }

    @Test
    void a_change_of_metadata_is_found_by_what_has_it() throws IOException {
        JsonNode account = documentOf(new MetadataChanged(ALICE, null, Map.of("tier", "gold")));
        JsonNode transaction = documentOf(new MetadataChanged(null, SALE, Map.of("note", "checked")));
        JsonNode ledger = documentOf(new MetadataChanged(null, null, Map.of()));

        assertThat(account.path("message").asString()).isEqualTo("changed metadata of account alice in ledger acme");
        assertThat(account.at("/daybook/accounts")).isEqualTo(json("['alice']"));
        assertThat(transaction.path("message").asString())
                .isEqualTo("changed metadata of transaction " + SALE + " in ledger acme");
        assertThat(count("daybook.transaction.metadata.note", "checked")).isEqualTo(1);
        assertThat(ledger.path("message").asString()).isEqualTo("changed metadata of ledger acme");
    }

    @Test
    void indices_from_before_a_field_existed_get_it() throws IOException {
        String old = prefix + "-events-2026.02";
        send(
                "PUT",
                "/_index_template/" + prefix + "-events",
                "{\"index_patterns\":[\"%s-events-*\"],\"priority\":200,\"template\":{\"aliases\":{\"%s-events\":{}},\"mappings\":{\"dynamic\":\"strict\",\"properties\":{\"daybook\":{\"properties\":{\"ledger\":{\"type\":\"keyword\"}}}}}}}"
                        .formatted(prefix, prefix));
        send("PUT", "/" + old, "");
        assertThat(send("GET", "/" + old + "/_mapping", "").findPath("hold").isMissingNode())
                .isTrue();

        projection.prepare();

        assertThat(send("GET", "/" + old + "/_mapping", "").findPath("hold").isMissingNode())
                .isFalse();
    }

    @Test
    void what_elasticsearch_refuses_is_not_taken_for_an_answer() throws IOException {
        String settings = "/" + prefix + "-events-*/_settings";
        PublishedEvent sale = history.add(new HoldPlaced(HOLD, ALICE, SHOP, USD, Amount.of(1), null, Map.of()));
        // It has to ask how far the index is, and is answered with 403.
        AuditProjection fresh = new AuditProjection(cluster, known, indices, 2, true);

        send("PUT", settings, "{\"index.blocks.read\": true}");
        assertThatThrownBy(() -> fresh.apply(List.of(sale)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cluster_block_exception");
        send("PUT", settings, "{\"index.blocks.read\": false}");
        fresh.apply(List.of(sale));

        send("POST", "/" + prefix + "-events/_refresh", "");
        assertThat(count("event.sequence", "2")).isEqualTo(1);
        assertThatThrownBy(() -> new BulkRequests(cluster).send(List.of("no bulk request\n")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_elasticsearch_has_no_room_for_is_sent_again() throws Exception {
        List<PublishedEvent> events = IntStream.range(0, 300)
                .mapToObj(i -> history.add(new MetadataChanged(ALICE, null, Map.of("n", "" + i))))
                .toList();
        String limits = """
                {"transient": {"rest.incremental_bulk": %s, "network.breaker.inflight_requests.limit": %s}}""";
        long refused = refused();
        CompletableFuture<Void> posting;
        send("PUT", "/_cluster/settings", limits.formatted("false", "\"10kb\""));
        try {
            posting = CompletableFuture.runAsync(() -> {
                try {
                    projection.apply(events);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            await().pollInterval(Duration.ofMillis(20)).until(() -> refused() > refused || posting.isDone());
        } finally {
            send("PUT", "/_cluster/settings", limits.formatted("null", "null"));
        }
        posting.get();

        assertThat(refused()).isGreaterThan(refused);
        send("POST", "/" + prefix + "-events/_refresh", "");
        assertThat(count("daybook.ledger", "acme")).isEqualTo(301);
    }

    /** How often it has had no room for a request. */
    private long refused() throws IOException {
        return send("GET", "/_nodes/stats/breaker", "")
                .findPath("inflight_requests")
                .path("tripped")
                .asLong();
    }

    @Test
    void an_index_that_is_gone_is_not_made_anew_but_told_of() throws IOException {
        PublishedEvent second = history.add(new MetadataChanged(ALICE, null, Map.of()));
        String index = prefix + "-events-2026.01";
        send("DELETE", "/" + index, "");

        for (AuditProjection each : List.of(projection, new AuditProjection(cluster, known, indices, 2, true))) {
            assertThatThrownBy(() -> each.apply(List.of(second)))
                    .isInstanceOf(StoreLossException.class)
                    .hasMessageContaining(index)
                    .hasMessageContaining("./daybook replay audit")
                    .satisfies(failure ->
                            assertThat(each.isOutage((Exception) failure)).isTrue());
        }
        assertThat(new AuditAlias(cluster).ids(indices)).isEmpty();

        // Nor is another index of that name taken for it.
        send("PUT", "/" + index, "");
        assertThatThrownBy(projection::prepare).isInstanceOf(StoreLossException.class);
        known.forget(indices);
        projection.prepare();
    }

    @Test
    void each_month_has_an_index_and_each_is_known() throws IOException {
        PublishedEvent january = history.add(new MetadataChanged(ALICE, null, Map.of()));
        RecordedEvent recorded =
                history.add(new MetadataChanged(ALICE, null, Map.of())).recorded();
        PublishedEvent february = new PublishedEvent(
                new RecordedEvent(
                        recorded.ledger(),
                        new Envelope(
                                recorded.sequence(),
                                recorded.id(),
                                Instant.parse("2026-02-01T00:00:00Z"),
                                recorded.requestId(),
                                recorded.actor(),
                                recorded.chain(),
                                recorded.hash()),
                        recorded.event()),
                history.events().getLast().type(),
                history.events().getLast().data());

        projection.apply(List.of(january, february));

        assertThat(new AuditAlias(cluster).ids(indices))
                .containsOnlyKeys(prefix + "-events-2026.01", prefix + "-events-2026.02");
        send("DELETE", "/" + prefix + "-events-2026.01", "");
        assertThatThrownBy(() -> known.require(indices, Set.of()))
                .hasMessageContaining("2026.01")
                .hasMessageNotContaining("2026.02");
        send("DELETE", "/" + prefix + "-events-2026.02", "");
        assertThatThrownBy(() -> known.require(indices, Set.of())).hasMessageContaining("2026.01, " + prefix);
    }
}
