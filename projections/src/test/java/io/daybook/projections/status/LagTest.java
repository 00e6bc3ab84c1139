package io.daybook.projections.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.projections.Publisher;
import io.daybook.projections.TestProjections;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.services.SharedServices;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How far behind projections are, as they tell it when somebody has to know. */
class LagTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EVENTS = 10;

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final String bootstrapServers = services.get("daybook.kafka.bootstrap-servers");
    private final String topic = EventsInKafka.topic(services.get("daybook.kafka.topic-prefix"));
    private final Publisher publisher = new Publisher(services);

    /** By itself, as that of an application is closed with it. */
    private final SingleConnectionDataSource database = TestProjections.books(services);

    private final JdbcTemplate books = new JdbcTemplate(database);
    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

    private ConfigurableApplicationContext start() {
        applications.add(TestProjections.start(services));
        return applications.getLast();
    }

    @AfterEach
    void stop() {
        applications.forEach(ConfigurableApplicationContext::close);
        publisher.close();
        database.destroy();
    }

    private static LedgerEvent changed() {
        return new MetadataChanged(null, null, Map.of("k", "v"));
    }

    private void publish() {
        publisher.publish("acme", new LedgerOpened(null, Map.of()));
        for (int i = 1; i < EVENTS; i++) {
            publisher.publish("acme", changed());
        }
    }

    private static Collection<RunningProjection> projections(ConfigurableApplicationContext application) {
        return application.getBeansOfType(RunningProjection.class).values();
    }

    private void awaitAllRead(ConfigurableApplicationContext application, long eventsOfEach) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(projections(application))
                    .allSatisfy(projection ->
                            assertThat(projection.status().applied()).isGreaterThanOrEqualTo(eventsOfEach));
            assertThat(books.queryForList("select name from projection where lag_events = 0 and state = 'running'"))
                    .hasSize(3);
        });
    }

    private void blockAudit() throws IOException {
        try (Rest5Client elasticsearch = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
                .build()) {
            Request block = new Request(
                    "PUT", "/" + services.get("daybook.elasticsearch.index-prefix") + "-events-*/_settings");
            block.setJsonEntity("{\"index.blocks.write\":true}");
            assertThat(elasticsearch.performRequest(block).getStatusCode()).isEqualTo(200);
        }
    }

    /** Of the audit, once it has something to read. */
    private long millisBehind() {
        return await().atMost(SOON)
                .until(
                        () -> books.queryForList(
                                "select lag_millis from projection where name = 'audit' and lag_events > 0",
                                Long.class),
                        rows -> !rows.isEmpty())
                .getFirst();
    }

    @Test
    void what_cannot_be_posted_since_the_start_grows_older_too() throws IOException {
        ConfigurableApplicationContext before = start();
        publish();
        awaitAllRead(before, EVENTS);
        before.close();
        blockAudit();
        publisher.publish("acme", changed());

        start();

        long first = await().atMost(SOON).until(this::millisBehind, millis -> millis > 0);
        await().atMost(SOON).until(this::millisBehind, millis -> millis > first);
        assertThat(books.queryForObject("select lag_events from projection where name = 'audit'", Long.class))
                .isEqualTo(1);
    }

    @Test
    void an_event_after_a_pause_is_not_as_old_as_the_one_before_the_pause() throws IOException {
        ConfigurableApplicationContext application = start();
        StoredEvent opened = publisher.next("acme", new LedgerOpened(null, Map.of()));
        publisher.publish(new StoredEvent(
                opened.ledger(),
                new Envelope(
                        opened.sequence(),
                        opened.id(),
                        Instant.now().minus(Duration.ofDays(1)),
                        opened.requestId(),
                        opened.actor(),
                        HashChain.FIRST_VERSION,
                        opened.hash()),
                opened.type(),
                null,
                opened.data()));
        awaitAllRead(application, 1);
        blockAudit();

        publisher.publish("acme", changed());

        assertThat(millisBehind()).isLessThan(Duration.ofHours(12).toMillis());
    }

    @Test
    void a_node_that_does_not_read_knows_what_is_left_and_leaves_the_line_to_the_one_that_does() {
        ConfigurableApplicationContext before = start();
        publish();
        awaitAllRead(before, EVENTS);
        before.close();
        // Nodes in one process would have the same name. This one works, and so its claims do not run out.
        books.update(
                "update token_entry set owner = 'another node', timestamp = ?",
                Instant.now().plus(Duration.ofDays(1)).toString());
        ConfigurableApplicationContext other = start();
        await().atMost(SOON).until(() -> projections(other).stream()
                .allMatch(projection -> projection.status().hasStarted()));
        EndOfTopic end = other.getBean(EndOfTopic.class);
        end.refresh();
        List<Lag> lags = projections(other).stream()
                .map(projection -> new Lag(projection, end))
                .toList();
        books.update("update projection set rate = 42");

        lags.forEach(Lag::look);
        new StatusReporter(lags, books).report();

        assertThat(projections(other)).noneMatch(RunningProjection::isReading);
        assertThat(lags).allSatisfy(lag -> assertThat(lag.events()).isZero());
        assertThat(rates()).containsOnly(42.0);

        books.update("update token_entry set owner = null");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(projections(other)).allMatch(RunningProjection::isReading);
            assertThat(rates()).doesNotContain(42.0);
        });
    }

    private List<Double> rates() {
        return books.queryForList("select rate from projection", Double.class);
    }

    @Test
    void events_that_kafka_has_deleted_are_not_waited_for() throws Exception {
        new EventsTopic(bootstrapServers, topic, 12, 1).declare();
        publish();
        try (EndOfTopic end = new EndOfTopic(bootstrapServers, topic);
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            end.refresh();
            assertThat(end.behind(Map.of())).isEqualTo(EVENTS);
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
            TopicPartition partition =
                    new TopicPartition(topic, EventsInKafka.partition(new LedgerId("acme"), partitions));

            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();

            end.refresh();
            assertThat(end.behind(Map.of())).isEqualTo(EVENTS - 4);
            assertThat(end.behind(Map.of(partition, 1L))).isEqualTo(EVENTS - 4);
            assertThat(end.behind(Map.of(partition, 6L))).isEqualTo(EVENTS - 7);
        }
    }
}
