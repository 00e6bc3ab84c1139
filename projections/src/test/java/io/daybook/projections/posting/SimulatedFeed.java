package io.daybook.projections.posting;

import io.daybook.axon.Tokens;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventsTopic;
import io.daybook.messages.LedgerEventJson;
import io.daybook.projections.feed.Feed;
import io.daybook.projections.feed.PromptKafkaSource;
import io.daybook.projections.feed.ReadTopic;
import io.daybook.projections.posting.Simulation.Host;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.settings.ProjectionsProperties.Posting;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.extensions.kafka.eventhandling.consumer.AsyncFetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.ConsumerFactory;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The feed of one projection as it is, from Kafka's consumers to what posts, on several nodes. Simulated are Kafka, what is
 * posted to, time, and what goes wrong; tokens, parked ledgers and generations are in a real database.
 */
final class SimulatedFeed {

    private static final String PROJECTION = "simulated";
    private static final long POLL_TIMEOUT_MS = 500;

    private static final Posting SETTINGS =
            new Posting(16, Duration.ofSeconds(5), 5_000, 4 * 1024 * 1024, 20_000, Duration.ofSeconds(1), 1_000);

    /** How often a node looks whether the topic is the one that it reads. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** The longest that a processor waits after failures is a minute, and it has several to wait for. */
    private static final Duration SOON = Duration.ofMinutes(15);

    /** It looks for claims meanwhile, and whatever is done twice would be. */
    private static final Duration STILL = Duration.ofSeconds(6);

    /** What it says makes no difference here. */
    private static final LedgerEvent EVENT = new LedgerOpened(null, Map.of());

    private final Simulation simulation;
    private final JdbcTemplate books;
    private final int segments;
    private final List<StoredEvent> journal = new ArrayList<>();
    private final Map<String, Long> sequences = new TreeMap<>();
    private final Map<String, Long> unpostable = new HashMap<>();
    private final SimulatedTopic topic;
    private final SimulatedStore store;
    private final SimulatedTokens tokens;
    private final List<Node> nodes = new ArrayList<>();
    private boolean wasRecreated;
    private final Map<String, Parked> parked = new HashMap<>();
    private Map<String, List<Long>> contents = Map.of();
    private long committed = -1;

    SimulatedFeed(Simulation simulation, JdbcTemplate books, int partitions, int segments, SimulatedStore store) {
        this.simulation = simulation;
        this.books = books;
        this.segments = segments;
        this.store = store;
        this.topic = new SimulatedTopic(simulation, partitions);
        this.tokens = new SimulatedTokens(simulation);
        books.execute("""
                insert into generation (projection) values ('simulated') on conflict do nothing;
                delete from token_entry;
                delete from parked;
                delete from topic_read
                """);
    }

    SimulatedTopic topic() {
        return topic;
    }

    SimulatedStore store() {
        return store;
    }

    SimulatedTokens tokens() {
        return tokens;
    }

    List<Node> nodes() {
        return nodes;
    }

    List<String> ledgers() {
        return List.copyOf(sequences.keySet());
    }

    /** The ledger's next event is in the journal, and in Kafka. */
    long publish(String ledger) {
        return publish(ledger, EventType.of(EVENT).eventName());
    }

    /** One that nobody can read. */
    void publishUnreadable(String ledger) {
        unpostable.putIfAbsent(ledger, publish(ledger, "daybook.unheard-of.v1"));
    }

    /** One that the store does not take. */
    void publishRefused(String ledger) {
        long sequence = sequences.getOrDefault(ledger, 0L) + 1;
        if (unpostable.putIfAbsent(ledger, sequence) == null) {
            store.refuse(ledger, sequence);
        }
        publish(ledger);
    }

    /** Some event of the ledger may be parked, for a reason that does not last. */
    void refuseOnce(String ledger) {
        if (unpostable.putIfAbsent(ledger, 0L) == null) {
            store.refuseOnce(ledger);
        }
    }

    private long publish(String ledger, String type) {
        long sequence = sequences.merge(ledger, 1L, Long::sum);
        StoredEvent event = new StoredEvent(
                ledger,
                new Envelope(
                        sequence,
                        new UUID(ledger.hashCode(), sequence),
                        Instant.EPOCH,
                        "request",
                        "tester",
                        HashChain.FIRST_VERSION,
                        "00".repeat(32)),
                type,
                null,
                LedgerEventJson.write(EVENT));
        journal.add(event);
        topic.append(event);
        simulation.note("published event %d of %s, in partition %d", sequence, ledger, topic.partition(ledger));
        return sequence;
    }

    /** What was published last is published once more. */
    void republish(int events) {
        simulation.note("the last %d events are published again", events);
        journal.subList(Math.max(0, journal.size() - events), journal.size()).forEach(topic::append);
    }

    /** Events are published anew from the journal. */
    void recreateTopic() {
        simulation.note("the topic is made anew");
        wasRecreated = true;
        topic.recreate();
        journal.forEach(topic::append);
    }

    void addNode() {
        Node node = new Node("node " + (nodes.size() + 1));
        nodes.add(node);
        node.start();
    }

    /** A process with the feed in it, and those that take its place when it has ended. */
    final class Node {

        private final String name;
        private int lives;
        private @Nullable Host host;

        private Node(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }

        boolean isUp() {
            return host != null;
        }

        void start() {
            Host started = new Host(name + "." + ++lives);
            host = started;
            simulation.note("%s starts", started);
            simulation.start(started, Duration.ZERO, () -> live(started));
        }

        void kill() {
            Host killed = host;
            if (killed != null) {
                simulation.note("%s is killed", killed);
                host = null;
                simulation.kill(killed);
            }
        }

        void halt(Duration time) {
            if (host != null) {
                simulation.note("%s is halted for %s", host, time);
                simulation.halt(host, time);
            }
        }

        /** As a running projection does: it starts until it has started, and again when the topic is another. */
        private void live(Host self) {
            ProjectionStatus status = new ProjectionStatus(PROJECTION, () -> null);
            ProjectionInvoker invoker =
                    new ProjectionInvoker(poster(self), () -> poster(self), status, SETTINGS.maxPostings());
            PooledStreamingEventProcessor processor = processor(self, invoker);
            @Nullable String read = null;
            while (true) {
                if (read == null) {
                    read = started(self, processor);
                } else if (!read.equals(topic.id())) {
                    simulation.note("%s sees that the topic is another", self);
                    shutDown(processor);
                    read = null;
                    continue;
                }
                simulation.pause(LOOK);
            }
        }

        private @Nullable String started(Host self, PooledStreamingEventProcessor processor) {
            String id = topic.id();
            try {
                new ReadTopic(new EventsTopic("", "simulated", 1, 1), books).isReadBy(PROJECTION, id);
                processor.start();
                return id;
            } catch (RuntimeException e) {
                simulation.note("%s cannot start: %s", self, e);
                return null;
            }
        }

        private void shutDown(PooledStreamingEventProcessor processor) {
            CompletableFuture<Void> down = processor.shutdownAsync();
            while (!down.isDone()) {
                simulation.pause(Duration.ofMillis(100));
            }
        }

        private Poster poster(Host self) {
            Projection posting = store.posting(self);
            GenerationStore generations = (GenerationStore) Proxy.newProxyInstance(
                    GenerationStore.class.getClassLoader(),
                    new Class<?>[] {GenerationStore.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "projection" -> PROJECTION;
                        case "format" -> 1;
                        case "posting" -> posting;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
            TransactionTemplate savepoints = new TransactionTemplate(
                    new JdbcTransactionManager(books.getDataSource()),
                    new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
            return new Poster(
                    GenerationTarget.live(generations, books),
                    new Parking(PROJECTION, books, SETTINGS.maxParkedLedgers()),
                    savepoints);
        }

        private PooledStreamingEventProcessor processor(Host self, ProjectionInvoker invoker) {
            ScheduledExecutorService executor = simulation.executor(self);
            TransactionManager transactions = tokens.transactions(
                    self, new SpringTransactionManager(new JdbcTransactionManager(books.getDataSource())));
            TokenStore tokenStore = tokens.store(
                    self,
                    Tokens.store(
                            new UnitOfWorkAwareConnectionProviderWrapper(
                                    new SpringDataSourceConnectionProvider(books.getDataSource())),
                            self.toString()));
            AsyncFetcher<String, byte[], KafkaEventMessage> fetcher =
                    AsyncFetcher.<String, byte[], KafkaEventMessage>builder()
                            .pollTimeout(POLL_TIMEOUT_MS)
                            .executorService(executor)
                            .build();
            ConsumerFactory<String, byte[]> consumers = new ConsumerFactory<>() {
                @Override
                public Consumer<String, byte[]> createConsumer(@Nullable String group) {
                    return topic.consumer(self);
                }
            };
            StreamableMessageSource<TrackedEventMessage<?>> source =
                    PromptKafkaSource.of(SimulatedTopic.NAME, consumers, fetcher, 5_000);
            return ProjectionFactory.processor(
                    PROJECTION,
                    invoker,
                    new Feed(source, segments),
                    SETTINGS,
                    tokenStore,
                    transactions,
                    executor,
                    simulation.clock());
        }
    }

    /**
     * Lets time pass until all is as it should be, and some more.
     *
     * @return what is not by then
     */
    List<String> settled() {
        for (Duration waited = Duration.ZERO; waited.compareTo(SOON) < 0; waited = waited.plus(LOOK)) {
            simulation.run(LOOK);
            if (faults().isEmpty()) {
                simulation.run(STILL);
                return faults();
            }
        }
        return faults();
    }

    /** All processes end. */
    void stop() {
        nodes.forEach(Node::kill);
    }

    private record Parked(long sequence, long last) {}

    /** From the database only if something was committed since. */
    private void look() {
        if (committed == tokens.committed()) {
            return;
        }
        committed = tokens.committed();
        contents = store.contents();
        parked.clear();
        books.query("select ledger, sequence, last from parked", row -> {
            parked.put(row.getString(1), new Parked(row.getLong(2), row.getLong(3)));
        });
    }

    /** What is not as it should be: every event once and in order, or the ledger is parked, for a reason, and says so. */
    List<String> faults() {
        look();
        List<String> faults = new ArrayList<>();
        sequences.forEach((ledger, last) -> {
            List<Long> posted = contents.getOrDefault(ledger, List.of());
            Parked waits = parked.get(ledger);
            Long reason = unpostable.get(ledger);
            long upTo = waits == null ? last : waits.sequence() - 1;
            if (!posted.equals(LongStream.rangeClosed(1, upTo).boxed().toList())) {
                faults.add("%s has %s, and should have 1 to %d".formatted(ledger, posted, upTo));
            }
            if (waits != null && waits.last() != last) {
                faults.add("%s is parked up to %d, and has %d events".formatted(ledger, waits.last(), last));
            }
            if (waits != null && !wasRecreated && (reason == null || reason > 0 && reason != waits.sequence())) {
                faults.add("%s is parked at %d without a reason".formatted(ledger, waits.sequence()));
            }
            if (waits == null && reason != null && reason > 0) {
                faults.add("%s is not parked, though event %d cannot be posted".formatted(ledger, reason));
            }
        });
        return faults;
    }
}
