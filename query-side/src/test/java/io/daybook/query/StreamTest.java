package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.daybook.query.Client.Answer;
import io.daybook.query.Subscription.Message;
import io.daybook.query.store.Notices;
import io.daybook.query.stream.LedgerStreams;
import io.daybook.services.Cable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Live streams over HTTP, on real stores. */
class StreamTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TIME = "2026-01-01T00:00:00Z";

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        stores = new Stores();
        application = QuerySideApplication.start(stores.services.properties());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        // Streams have no end of their own: after a failed test there may be some, and they must not hide it.
        http.shutdownNow();
        application.close();
    }

    private static String path(String ledger) {
        return "/v1/ledgers/" + ledger.replaceFirst("(\\?|$)", "/stream$1");
    }

    private static int port(ConfigurableApplicationContext application) {
        return ((ServletWebServerApplicationContext) application).getWebServer().getPort();
    }

    private static Subscription listen(String ledger, String... headers) {
        return listen(application, ledger, headers);
    }

    private static Subscription listen(ConfigurableApplicationContext application, String ledger, String... headers) {
        return new Subscription(http, URI.create("http://127.0.0.1:" + port(application) + path(ledger)), headers);
    }

    /** As a client does that is told to try again: a node that has just started may not have its connections yet. */
    private static Subscription listenPatiently(ConfigurableApplicationContext application, String ledger) {
        return await().atMost(SOON)
                .ignoreException(IllegalStateException.class)
                .until(() -> listen(application, ledger), Objects::nonNull);
    }

    private static List<Long> sequences(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static void post(Stores.Ledger ledger, String name) {
        ledger.post("world", "a", "USD/2", 1, TIME);
        stores.notice(name, ledger.sequence());
    }

    @Test
    void every_kind_of_event_is_told_as_it_happens_with_the_balances_after_it() {
        Stores.Ledger ledger = stores.ledger("kinds").open();
        ledger.post("world", "users:1", "USD/2", 1000, TIME);
        stores.awaitReplicas();
        try (Subscription stream = listen("kinds")) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            assertThat(stream.response().headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
            assertThat(stream.response().headers().firstValue("Ledger-Sequence"))
                    .contains("2");
            await().atMost(SOON).until(() -> stream.comments() > 0);

            UUID sale = ledger.post("users:1", "shop", "USD/2", 30, TIME, "order 1", "{\"k\":\"v\"}");
            ledger.configure("users:1", "{\"tier\":\"gold\"}");
            UUID hold = ledger.hold("users:1", 5);
            ledger.release(hold, "users:1", 5);
            ledger.changeMetadata();
            stores.notice("kinds", 7);

            await().atMost(SOON).until(() -> stream.messages().size() == 5);
            assertThat(stream.ids()).isEqualTo(sequences(3, 7));
            assertThat(stream.messages().stream().map(Message::event))
                    .containsExactly("transaction", "account", "hold", "hold", "metadata");
            assertThat(stream.messages().getFirst().data())
                    .isEqualTo(json(
                            "{'id':'%s','ledger':'kinds','sequence':3,'reference':'order 1','postings':[{'amount':'30','asset':'USD/2','destination':'shop','source':'users:1'}],'metadata':{'k':'v'},'effectiveAt':'2026-01-01T00:00:00Z','recordedAt':'2026-06-01T00:00:03.123456Z','hash':'%064x','balances':{'shop':{'USD/2':'30'},'users:1':{'USD/2':'970'}}}"
                                    .formatted(sale, 3)));
            Answer events = new Client(application).get("/v1/ledgers/kinds/events?after=3");
            for (int i = 1; i < 5; i++) {
                assertThat(stream.messages().get(i).data())
                        .isEqualTo(events.body().path("data").path(i - 1));
            }
        }
    }

    @Test
    void a_reversal_and_a_capture_are_transactions_too() {
        Stores.Ledger ledger = stores.ledger("moves").open();
        UUID sale = ledger.post("world", "a", "USD/2", 5, TIME);
        UUID hold = ledger.hold("a", 5);
        ledger.reverse(sale, "world", "a", "USD/2", 5, TIME);
        ledger.capture(hold, "a", "b", 5, TIME);
        stores.awaitReplicas();
        try (Subscription stream = listen("moves", "Last-Event-ID", "0")) {
            await().atMost(SOON).until(() -> stream.messages().size() == 5);
            assertThat(stream.messages().stream().map(Message::event))
                    .containsExactly("ledger", "transaction", "hold", "transaction", "transaction");
            assertThat(stream.messages().get(3).data().path("reverses").asString())
                    .isEqualTo(sale.toString());
            assertThat(stream.messages().get(4).data().path("hold").asString()).isEqualTo(hold.toString());
        }
    }

    @Test
    void what_concurrent_writers_write_is_heard_in_order_and_completely() throws Exception {
        Stores.Ledger ledger = stores.ledger("busy").open();
        stores.awaitReplicas();
        int writers = 4;
        int each = 100;
        List<Subscription> streams =
                IntStream.range(0, 5).mapToObj(i -> listen("busy")).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        synchronized (ledger) {
                            ledger.post("world", "a", "USD/2", 1, TIME);
                        }
                        if (i % 10 == 0) {
                            stores.notice("busy", ledger.sequence());
                        }
                    }
                });
            }
            // Some come in the middle.
            Future<Subscription> late = threads.submit(() -> {
                await().atMost(SOON).until(() -> ledger.sequence() > 150);
                return listen("busy", "Last-Event-ID", "7");
            });
            try (Subscription resumed = late.get()) {
                await().atMost(SOON).until(() -> ledger.sequence() == 1 + writers * each);
                stores.notice("busy", ledger.sequence());
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(resumed.ids()).isEqualTo(sequences(8, 1 + writers * each)));
            }
        }
        for (Subscription stream : streams) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(stream.ids()).isEqualTo(sequences(2, 1 + writers * each)));
            for (Message message : stream.messages()) {
                assertThat(message.data().at("/balances/a").path("USD/2").asString())
                        .isEqualTo(Long.toString(message.id() - 1));
                assertThat(message.data().at("/balances/world").path("USD/2").asString())
                        .isEqualTo(Long.toString(1 - message.id()));
            }
            stream.close();
        }
    }

    @Test
    void resuming_after_any_event_gives_exactly_the_rest() {
        Stores.Ledger ledger = stores.ledger("resumed").open();
        // More than is read at once.
        for (int i = 0; i < 300; i++) {
            ledger.post("world", "a", "USD/2", 1, TIME);
        }
        stores.awaitReplicas();
        List<Subscription> streams = new ArrayList<>();
        for (int last = 0; last <= 301; last += last < 20 || last > 280 ? 1 : 13) {
            streams.add(listen("resumed", "Last-Event-ID", Integer.toString(last)));
        }
        streams.add(listen("resumed?lastEventId=300"));
        streams.add(listen("resumed?lastEventId=3", "Last-Event-ID", "299"));
        post(ledger, "resumed");
        for (Subscription stream : streams) {
            await().atMost(SOON)
                    .until(() -> !stream.ids().isEmpty() && stream.ids().getLast() == 302);
            assertThat(stream.ids()).isEqualTo(sequences(stream.ids().getFirst(), 302));
            stream.close();
        }
        assertThat(streams.get(streams.size() - 2).ids()).isEqualTo(sequences(301, 302));
        assertThat(streams.getLast().ids()).isEqualTo(sequences(300, 302));
        assertThat(streams.stream().limit(21).map(stream -> stream.ids().getFirst()))
                .isEqualTo(sequences(1, 21));
    }

    @Test
    void what_was_asked_wrongly_is_a_problem_and_no_stream() {
        stores.ledger("asked").open();
        stores.awaitReplicas();
        Client client = new Client(application);
        String path = "/v1/ledgers/asked/stream";

        assertThat(client.get("/v1/ledgers/nowhere/stream", "Accept", "text/event-stream")
                        .code())
                .isEqualTo("ledger-not-found");
        assertThat(client.get(path, "Last-Event-ID", "x").code()).isEqualTo("invalid-field");
        assertThat(client.get(path + "?lastEventId=-1").code()).isEqualTo("invalid-field");
        assertThat(client.get(path + "?from=1").code()).isEqualTo("invalid-field");
        assertThat(client.get(path, "Last-Event-ID", "2").code()).isEqualTo("projection-behind");
    }

    @Test
    void two_thousand_listeners_cost_one_query_for_each_notice() {
        Stores.Ledger ledger = stores.ledger("popular").open();
        Map<String, String> primaryAlone = Map.of("daybook.books.replica-jdbc-urls", "");
        try (var node = QuerySideApplication.start(stores.properties(primaryAlone));
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                Queries queries = new Queries("from event e")) {
            List<Future<Subscription>> connecting = IntStream.range(0, 2_000)
                    .mapToObj(i -> threads.submit(() -> listenPatiently(node, "popular")))
                    .toList();
            List<Subscription> streams =
                    connecting.stream().map(StreamTest::get).toList();
            await().atMost(SOON).until(() -> streams.stream().allMatch(stream -> stream.comments() > 0));
            await().atMost(SOON).until(() -> node.getBean(LedgerStreams.class).listeners() == 2_000);
            post(ledger, "popular");
            await().atMost(SOON).until(() -> streams.stream()
                    .allMatch(stream -> stream.ids().contains(2L)));

            int before = queries.count();
            int notices = 10;
            for (int i = 0; i < notices; i++) {
                post(ledger, "popular");
                long last = ledger.sequence();
                await().atMost(SOON).until(() -> streams.stream()
                        .allMatch(stream -> stream.ids().contains(last)));
            }

            // Once in fifteen seconds it looks without a notice.
            assertThat(queries.count() - before).isBetween(notices, notices + 5);
            assertThat(streams).allSatisfy(stream -> assertThat(stream.ids()).isEqualTo(sequences(2, 2 + notices)));
            streams.forEach(Subscription::close);
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts the statements that have something in their text. */
    private static final class Queries implements AutoCloseable {

        private final Logger statements =
                (Logger) LoggerFactory.getLogger("org.springframework.jdbc.core.JdbcTemplate");
        private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
        private final String text;

        Queries(String text) {
            this.text = text;
            statements.setLevel(Level.DEBUG);
            statements.setAdditive(false);
            statements.addAppender(seen);
            seen.start();
        }

        int count() {
            return (int) List.copyOf(seen.list).stream()
                    .filter(event -> event.getFormattedMessage().contains(text))
                    .count();
        }

        @Override
        public void close() {
            statements.detachAppender(seen);
            statements.setAdditive(true);
            statements.setLevel(null);
        }
    }

    @Test
    void a_listener_that_does_not_read_is_disconnected_and_delays_nobody() throws IOException {
        Stores.Ledger ledger = stores.ledger("large").open();
        stores.awaitReplicas();
        String metadata = "{\"k\":\"" + "x".repeat(400_000) + "\"}";
        LedgerStreams listening = application.getBean(LedgerStreams.class);
        try (Socket stuck = new Socket();
                Subscription stream = listen("large")) {
            stuck.setReceiveBufferSize(1024);
            stuck.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(application)));
            stuck.getOutputStream()
                    .write(("GET " + path("large") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            int before = listening.listeners();
            await().atMost(SOON).until(() -> listening.listeners() > before || before > 1);
            for (int i = 0; i < 60; i++) {
                ledger.post("world", "a", "USD/2", 1, TIME, null, metadata);
                stores.notice("large", ledger.sequence());
                long last = ledger.sequence();
                await().atMost(SOON).until(() -> stream.ids().contains(last));
            }

            assertThat(stream.ids()).isEqualTo(sequences(2, 61));
            assertThat(stream.hasEnded()).isFalse();
            await().atMost(Duration.ofSeconds(60)).until(() -> listening.listeners() == 1);
        }
    }

    @Test
    void without_redis_it_goes_on_and_with_it_again_too() throws Exception {
        Stores.Ledger ledger = stores.ledger("cut").open();
        stores.awaitReplicas();
        URI redis = URI.create(stores.services.get("daybook.redis.uri"));
        try (Cable cable = new Cable(redis.getPort());
                var node = QuerySideApplication.start(stores.properties(
                        Map.of("daybook.redis.uri", "redis://127.0.0.1:" + cable.port() + redis.getPath())));
                Subscription stream = listen(node, "cut")) {
            Notices notices = node.getBean(Notices.class);
            await().atMost(SOON).until(() -> notices.subscription() == 1);
            post(ledger, "cut");
            await().atMost(SOON).until(() -> stream.ids().contains(2L));

            cable.cut();
            await().atMost(SOON).until(() -> notices.subscription() == Notices.NO_SUBSCRIPTION);
            post(ledger, "cut");
            await().atMost(SOON).until(() -> stream.ids().contains(3L));
            try (Subscription other = listen(node, "cut", "Last-Event-ID", "1")) {
                await().atMost(SOON).until(() -> other.ids().equals(sequences(2, 3)));
            }

            cable.mend();
            await().atMost(SOON).until(() -> notices.subscription() == 2);
            post(ledger, "cut");
            await().atMost(SOON).until(() -> stream.ids().contains(4L));
            assertThat(stream.ids()).isEqualTo(sequences(2, 4));
        }
    }

    @Test
    void without_redis_from_the_beginning_it_works_and_redis_is_found_when_it_comes() throws Exception {
        Stores.Ledger ledger = stores.ledger("without").open();
        stores.awaitReplicas();
        URI redis = URI.create(stores.services.get("daybook.redis.uri"));
        try (Cable cable = new Cable(redis.getPort())) {
            cable.cut();
            try (var node = QuerySideApplication.start(stores.properties(
                            Map.of("daybook.redis.uri", "redis://127.0.0.1:" + cable.port() + redis.getPath())));
                    Subscription stream = listen(node, "without")) {
                ledger.post("world", "a", "USD/2", 1, TIME);
                await().atMost(SOON).until(() -> stream.ids().contains(2L));

                cable.mend();
                Notices notices = node.getBean(Notices.class);
                await().atMost(SOON).until(() -> notices.subscription() != Notices.NO_SUBSCRIPTION);
                post(ledger, "without");
                await().atMost(SOON).until(() -> stream.ids().equals(sequences(2, 3)));
            }
        }
    }

    @Test
    void a_silent_stream_beats_and_a_listener_that_has_gone_is_noticed() {
        stores.ledger("silent").open();
        stores.awaitReplicas();
        try (var node = QuerySideApplication.start(stores.properties(Map.of("daybook.stream.heartbeat", "100ms")))) {
            Subscription stream = listen(node, "silent");
            await().atMost(SOON).until(() -> stream.comments() > 3);
            assertThat(node.getBean(LedgerStreams.class).listeners()).isEqualTo(1);

            stream.close();

            await().atMost(SOON).until(() -> node.getBean(LedgerStreams.class).listeners() == 0);
        }
    }

    /** A server that gives what a connection used to the next one must not do so while somebody still writes to it. */
    @Test
    void who_goes_does_not_disturb_who_comes() throws IOException {
        Stores.Ledger ledger = stores.ledger("changing").open();
        stores.awaitReplicas();
        int rounds = 300;
        List<Subscription> staying = new ArrayList<>();
        try (var node = QuerySideApplication.start(stores.properties(Map.of("daybook.stream.heartbeat", "10ms")))) {
            for (int i = 0; i < rounds; i++) {
                try (Socket going = new Socket(InetAddress.getLoopbackAddress(), port(node))) {
                    going.setSoLinger(true, 0);
                    going.getOutputStream()
                            .write(("GET " + path("changing") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    going.getInputStream().readNBytes(20);
                }
                staying.add(listen(node, "changing"));
            }
            LedgerStreams listening = node.getBean(LedgerStreams.class);
            await().atMost(SOON).until(() -> listening.listeners() == rounds);
            post(ledger, "changing");

            await().atMost(SOON).untilAsserted(() -> assertThat(staying)
                    .allMatch(stream -> stream.ids().equals(sequences(2, 2)) && !stream.hasEnded()));
            staying.forEach(Subscription::close);
        }
    }

    @Test
    void a_graceful_shutdown_ends_the_streams_and_does_not_wait_for_them() {
        stores.ledger("ending").open();
        stores.awaitReplicas();
        var node = QuerySideApplication.start(stores.properties(
                Map.of("server.shutdown", "graceful", "spring.lifecycle.timeout-per-shutdown-phase", "10m")));
        try (Subscription stream = listen(node, "ending")) {
            await().atMost(SOON).until(() -> stream.comments() > 0);
            // It would take ten minutes if it waited.
            node.close();
            await().atMost(SOON).until(stream::hasEnded);
        }
    }
}
