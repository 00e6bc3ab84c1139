package io.daybook.bench.queries;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.bench.setup.Applications;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.projections.balances.BalancesConfiguration;
import io.daybook.projections.books.BooksConfiguration;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.posting.PostingConfiguration;
import io.daybook.projections.posting.RunningProjection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A ledger that queries are asked of. It is published to Kafka and posted by Daybook's projections, once for all queries:
 * every account gets the same, then the busy ones pass a unit on to each other, again and again.
 */
public final class AskedLedger {

    /** What each account is given; what the busy ones pass on comes back to them. */
    static final long BALANCE = 100_000;

    /** How often a busy account gives and takes a unit: a page of 50 lines is full. */
    static final int TURNS = 40;

    private static final int MOST_BUSY = 2_000;
    private static final int POSTINGS = 500;
    private static final int UNDER_WAY = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Asset USD = new Asset("USD/2");

    private static final Map<Integer, AskedLedger> LEDGERS = new ConcurrentHashMap<>();

    private final int accounts;
    private @Nullable Map<String, String> services;

    /** Of the last event. */
    private String hash = HexFormat.of().formatHex(HashChain.genesis());

    private long sequence = RecordedEvent.FIRST_SEQUENCE - 1;

    private AskedLedger(int accounts) {
        this.accounts = accounts;
    }

    /** That with so many accounts; it takes minutes to make, so there is one for all queries. */
    public static AskedLedger of(int accounts) {
        return LEDGERS.computeIfAbsent(accounts, AskedLedger::new);
    }

    int accounts() {
        return accounts;
    }

    /** How many accounts have many lines; they come first. */
    int busy() {
        return Math.max(2, Math.min(MOST_BUSY, accounts / 10));
    }

    /** Its last event. */
    long sequence() {
        return sequence;
    }

    /** About how long it takes to make it: for the time that is told to be left. */
    Duration toMake() {
        return Duration.ofSeconds(accounts / 10_000);
    }

    /**
     * Where it is; it is made if that was not done yet.
     *
     * @param given properties of services that it can be made in
     * @return properties of the services that it is in
     */
    synchronized Map<String, String> in(Map<String, String> given) throws Exception {
        if (services == null) {
            publish(given);
            post(given);
            services = given;
        }
        return services;
    }

    /** What it is called in these services. */
    static LedgerId name(Map<String, String> services) {
        return new LedgerId(services.get("daybook.kafka.topic-prefix") + "-asked");
    }

    private void publish(Map<String, String> given) throws Exception {
        String bootstrapServers = given.get("daybook.kafka.bootstrap-servers");
        String topic = EventsInKafka.topic(given.get("daybook.kafka.topic-prefix"));
        new EventsTopic(bootstrapServers, topic, 12, 1).declare();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        // With more, Kafka may take a new partition's second batch although it has refused the first.
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Publisher publisher = new Publisher(producer, topic, name(given));
            publisher.publish(new LedgerOpened(null, Map.of()));
            for (int from = 0; from < accounts; from += POSTINGS) {
                publisher.publish(posted(IntStream.range(from, Math.min(from + POSTINGS, accounts))
                        .mapToObj(i -> new Posting(AccountAddress.WORLD, account(i), USD, Amount.of(BALANCE)))
                        .toList()));
            }
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < busy(); i++) {
                    publisher.publish(
                            posted(List.of(new Posting(account(i), account((i + 1) % busy()), USD, Amount.of(1)))));
                }
            }
            publisher.await(0);
        }
    }

    private static AccountAddress account(int index) {
        return new AccountAddress(TransferScenario.account(index));
    }

    private TransactionPosted posted(List<Posting> postings) {
        return new TransactionPosted(new UUID(1, sequence), null, postings, Instant.now(), Map.of());
    }

    private final class Publisher {

        private final KafkaProducer<String, byte[]> producer;
        private final String topic;
        private final LedgerId ledger;
        private final Deque<Future<RecordMetadata>> sent = new ArrayDeque<>();

        Publisher(KafkaProducer<String, byte[]> producer, String topic, LedgerId ledger) {
            this.producer = producer;
            this.topic = topic;
            this.ledger = ledger;
        }

        void publish(LedgerEvent event) throws Exception {
            JournalEntry entry = JournalEntry.following(
                    hash,
                    ledger,
                    ++sequence,
                    new UUID(2, sequence),
                    Instant.now().truncatedTo(ChronoUnit.MICROS),
                    "bench",
                    "bench",
                    event,
                    null);
            hash = entry.event().hash();
            sent.add(producer.send(EventMessages.message(entry.stored(), topic)));
            await(UNDER_WAY);
        }

        /** Until no more than these are under way. */
        void await(int left) throws Exception {
            while (sent.size() > left) {
                sent.remove().get();
            }
        }
    }

    private void post(Map<String, String> given) throws Exception {
        try (ConfigurableApplicationContext projections = Applications.start(
                given,
                FeedConfiguration.class,
                PostingConfiguration.class,
                BooksConfiguration.class,
                BalancesConfiguration.class)) {
            Collection<RunningProjection> running =
                    projections.getBeansOfType(RunningProjection.class).values();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!running.stream().allMatch(projection -> posted(projection) >= sequence)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the projections have not posted all within " + PATIENCE);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
        try (HikariDataSource books = SubjectDatabase.open(given, SubjectDatabase.BOOKS, 1, "")) {
            // As autovacuum does in time: plans and index-only scans should not depend on when it comes.
            new JdbcTemplate(books).execute("vacuum analyze");
        }
    }

    private static long posted(RunningProjection projection) {
        return projection.positions().values().stream()
                .mapToLong(offset -> offset + 1)
                .sum();
    }
}
