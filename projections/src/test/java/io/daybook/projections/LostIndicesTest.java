package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.StoredEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Indices of the audit that somebody deletes: it is told, nothing is found instead of too little, and a replay heals it. */
class LostIndicesTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final TestEventStore store = new TestEventStore(services);
    private final Publisher publisher = new Publisher(services, store::append);

    private final SingleConnectionDataSource database = TestProjections.books(services);

    private final JdbcTemplate books = new JdbcTemplate(database);
    private final Rest5Client elasticsearch = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final String alias = AuditKind.EVENTS.named(services.get("daybook.elasticsearch.index-prefix"));
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() {
        application = TestProjections.start(services);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
        publisher.close();
        store.close();
        database.destroy();
        elasticsearch.close();
    }

    private void open() {
        publisher.publish("acme", new LedgerOpened(null, Map.of()));
    }

    private StoredEvent next() {
        return publisher.next("acme", new MetadataChanged(null, null, Map.of("k", "v")));
    }

    private void post(int times) {
        for (int i = 0; i < times; i++) {
            publisher.publish(next());
        }
    }

    private static StoredEvent recordedAt(StoredEvent event, Instant time) {
        return new StoredEvent(
                event.ledger(),
                new Envelope(
                        event.sequence(),
                        event.id(),
                        time,
                        event.requestId(),
                        event.actor(),
                        HashChain.FIRST_VERSION,
                        event.hash()),
                event.type(),
                null,
                event.data());
    }

    private Response send(String method, String path) throws IOException {
        return elasticsearch.performRequest(new Request(method, path));
    }

    private JsonNode read(String method, String path) throws IOException {
        Response answer = send(method, path);
        assertThat(answer.getStatusCode()).as("%s %s", method, path).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.getEntity().getContent());
    }

    private void deleteIndices() throws IOException {
        read(
                "DELETE",
                "/" + String.join(",", read("GET", "/" + alias + "-*/_settings").propertyNames()));
    }

    private void awaitIndexed() {
        long last = publisher.lastSequence("acme");
        // Before there is an index there is no alias; one that is just being made answers 503.
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            read("POST", "/" + alias + "/_refresh");
            assertThat(read("GET", "/" + alias + "/_count").path("count").asLong())
                    .isEqualTo(last);
        });
    }

    private void awaitTold() {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(books.queryForMap("select state, detail, lag_events from projection where name = 'audit'"))
                    .containsEntry("state", "stopped")
                    .extractingByKey("detail")
                    .asString()
                    .contains("Elasticsearch has lost " + alias + "-", "'./daybook replay audit'");
            assertThat(send("GET", "/" + alias + "/_search").getStatusCode()).isEqualTo(NOT_FOUND);
        });
    }

    private void awaitHealed(String source) {
        books.update("update generation set wanted = 'replay', wanted_source = ? where projection = 'audit'", source);
        await().atMost(SOON)
                .until(() ->
                        books.queryForObject("select live from generation where projection = 'audit'", Integer.class)
                                == 2);
        awaitIndexed();
        post(2);
        awaitIndexed();
        await().atMost(SOON)
                .until(() -> books.queryForObject("select state from projection where name = 'audit'", String.class)
                        .equals("running"));
        assertThat(books.queryForList("select * from parked where generation = 2"))
                .as("in the generation that is live now")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "store"})
    void all_indices_are_deleted_and_events_come(String source) throws IOException {
        open();
        post(3);
        awaitIndexed();

        deleteIndices();
        post(3);

        await().atMost(SOON)
                .until(() -> books.queryForObject("select sequence from ledger where ledger = 'acme'", Long.class)
                        == publisher.lastSequence("acme"));
        awaitTold();
        assertThat(read("GET", "/" + alias + "-*/_settings")).isEmpty();
        assertThat(books.queryForObject("select lag_events from projection where name = 'audit'", Long.class))
                .as("what has not been read since, or all if the guard had not yet seen the first four in the store")
                .isIn(3L, 7L);
        awaitHealed(source);
    }

    @Test
    void one_of_two_months_is_deleted_and_no_event_comes() throws IOException {
        publisher.publish(recordedAt(
                publisher.next("acme", new LedgerOpened(null, Map.of())), Instant.parse("2025-01-31T12:00:00Z")));
        post(3);
        awaitIndexed();

        read("DELETE", "/" + alias + "-2025.01");

        awaitTold();
        books.update("insert into repair (projection, ledger, source) values ('audit', 'acme', 'kafka')");
        await().atMost(SOON).untilAsserted(() -> assertThat(books.queryForMap("select state, detail from repair"))
                .as("one ledger cannot be posted to what is not there")
                .containsEntry("state", "failed")
                .extractingByKey("detail")
                .asString()
                .contains("'./daybook replay audit'"));
        awaitHealed("kafka");
    }

    @Test
    void elasticsearch_is_made_anew_while_nobody_posts() throws IOException {
        open();
        post(3);
        awaitIndexed();
        application.close();
        deleteIndices();
        read("DELETE", "/_index_template/" + alias);
        post(3);

        start();

        awaitTold();
        awaitHealed("kafka");
    }

    @Test
    void an_index_comes_by_itself_in_place_of_one_that_was_deleted_with_its_template() throws IOException {
        open();
        post(3);
        awaitIndexed();

        read("DELETE", "/_index_template/" + alias);
        deleteIndices();
        post(3);

        awaitTold();
        post(1);
        awaitHealed("kafka");
    }
}
