package io.daybook.bench.transfers;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.bench.transfers.Flow.Transfer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.commandhandling.AsynchronousCommandBus;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.caching.WeakReferenceCache;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The same ledger as one builds it with Axon's own parts: an annotated aggregate, the asynchronous command bus, the JDBC event
 * storage engine with its own table, events as JSON, and the caching repository. Nothing is published, which is in its
 * favour; accounts have their opening balance without an event, as millions of them would take it an hour.
 */
final class StockAxon implements Subject {

    private static final int CONNECTIONS = 16;

    record Open(@TargetAggregateIdentifier String ledger) {}

    record Post(@TargetAggregateIdentifier String ledger, String id, String source, String destination, long amount) {}

    record Opened(String ledger) {}

    record Posted(String id, String asset, String source, String destination, long amount) {}

    /** The annotated aggregate. */
    static class Ledger {

        @AggregateIdentifier
        private String ledger;

        private final Map<String, Long> balances = new HashMap<>();

        protected Ledger() {}

        @CommandHandler
        Ledger(Open open) {
            apply(new Opened(open.ledger()));
        }

        @CommandHandler
        void handle(Post post) {
            boolean isWorld = post.source().equals(TransferScenario.account(Flow.WORLD));
            if (!isWorld && balance(post.source()) < post.amount()) {
                throw new IllegalStateException("insufficient funds");
            }
            apply(new Posted(post.id(), "USD/2", post.source(), post.destination(), post.amount()));
        }

        @EventSourcingHandler
        void on(Opened opened) {
            ledger = opened.ledger();
        }

        @EventSourcingHandler
        void on(Posted posted) {
            balances.put(posted.source(), balance(posted.source()) - posted.amount());
            balances.put(posted.destination(), balance(posted.destination()) + posted.amount());
        }

        private long balance(String account) {
            return balances.getOrDefault(account, TransferScenario.OPENING_BALANCE);
        }
    }

    private final TransferScenario scenario;
    private final SplittableRandom random = new SplittableRandom(2);
    private final HikariDataSource database;
    private final EmbeddedEventStore store;
    private final AsynchronousCommandBus bus;

    /** What the cache only refers to weakly: with ample memory an aggregate stays. */
    private final Map<Object, Object> kept = new ConcurrentHashMap<>();

    private long answered;

    StockAxon(TransferScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        database = SubjectDatabase.open(services, SubjectDatabase.EVENT_STORE, CONNECTIONS, "");
        TransactionManager transactions = new SpringTransactionManager(new JdbcTransactionManager(database));
        JacksonSerializer json = JacksonSerializer.defaultSerializer();
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(database)))
                .transactionManager(transactions)
                .eventSerializer(json)
                .snapshotSerializer(json)
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        store = EmbeddedEventStore.builder().storageEngine(engine).build();
        bus = AsynchronousCommandBus.builder().transactionManager(transactions).build();
        Cache cache = new WeakReferenceCache() {
            @Override
            public void put(Object key, Object value) {
                kept.put(key, value);
                super.put(key, value);
            }
        };
        EventSourcingRepository<Ledger> repository = EventSourcingRepository.builder(Ledger.class)
                .eventStore(store)
                .cache(cache)
                .build();
        AggregateAnnotationCommandHandler.<Ledger>builder()
                .aggregateType(Ledger.class)
                .repository(repository)
                .build()
                .subscribe(bus);
        for (int i = 0; i < scenario.ledgers(); i++) {
            send(new Open(TransferScenario.ledger(i))).join();
        }
    }

    private CompletableFuture<Object> send(Object command) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), (sent, result) -> {
            if (result.isExceptional()) {
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete(command);
            }
        });
        return answer;
    }

    @Override
    public String name() {
        return "stock Axon";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        Measured measured = Loop.inFlight(scenario.inFlight(), duration, answer -> {
            Transfer next = scenario.flow().next(random, scenario.accounts());
            send(new Post(
                            TransferScenario.ledger(scenario.ledger(random)),
                            new UUID(random.nextLong(), random.nextLong()).toString(),
                            TransferScenario.account(next.source()),
                            TransferScenario.account(next.destination()),
                            1))
                    .whenComplete((result, failure) -> answer.with(failure));
        });
        answered += measured.count();
        return measured;
    }

    @Override
    public void verify() {
        long events = new JdbcTemplate(database).queryForObject("select count(*) from domainevententry", Long.class);
        if (events != answered + scenario.ledgers()) {
            throw new AssertionError(events + " events are there, " + answered + " transfers were answered");
        }
    }

    @Override
    public void close() {
        bus.shutdown();
        store.shutDown();
        database.close();
    }
}
