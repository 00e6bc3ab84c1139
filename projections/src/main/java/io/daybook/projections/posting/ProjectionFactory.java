package io.daybook.projections.posting;

import io.daybook.axon.Tokens;
import io.daybook.messages.EventsTopic;
import io.daybook.projections.feed.Feed;
import io.daybook.projections.feed.ReadTopic;
import io.daybook.projections.feed.SlicedSource;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.settings.ProjectionsProperties.Posting;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives a projection an event processor of its own. */
public final class ProjectionFactory {

    /** In slices, which are as large as there are events. */
    private static final int BATCH_SIZE = 1;

    private final StreamableMessageSource<TrackedEventMessage<?>> source;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private final ReadTopic topic;
    private final Posting settings;
    private final JdbcTemplate books;
    private final TransactionTemplate savepoints;
    private final List<String> run;

    ProjectionFactory(
            StreamableMessageSource<TrackedEventMessage<?>> source,
            TokenStore tokens,
            TransactionManager transactions,
            EventsTopic topic,
            List<String> run,
            Posting settings,
            JdbcTemplate books,
            PlatformTransactionManager booksTransactions) {
        this.source = source;
        this.tokens = tokens;
        this.transactions = transactions;
        this.topic = new ReadTopic(topic, books);
        this.run = run;
        this.settings = settings;
        this.books = books;
        this.savepoints = new TransactionTemplate(
                booksTransactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
    }

    /** Makes a processor that feeds the live generation, whichever that is, from Kafka, if this node is to run it. */
    public RunningProjection live(GenerationStore store) {
        boolean runsHere = run.contains(store.projection());
        if (runsHere) {
            register(store);
        }
        return run(store, () -> GenerationTarget.live(store, books), fromKafka(1), store::loss, runsHere);
    }

    /** Says which format the generations of a projection are begun with now; one that nothing was posted to is of that. */
    private void register(GenerationStore store) {
        books.update(
                "update generation set format = greatest(format, ?), live_format = coalesce(live_format, ?),"
                        + " rebuild_asked = rebuild_asked and format >= ? where projection = ?",
                store.format(),
                store.format(),
                store.format(),
                store.projection());
    }

    /**
     * Makes a processor that feeds a generation while it is aside, and fails as soon as it is not.
     *
     * @param generation counts from 1
     */
    public RunningProjection aside(GenerationStore store, int generation, Feed feed) {
        return run(store, () -> GenerationTarget.aside(store, generation, books), feed, () -> null, true);
    }

    /** From Kafka, by so many threads. */
    public Feed fromKafka(int segments) {
        return new Feed(source, segments);
    }

    private RunningProjection run(
            GenerationStore store,
            Supplier<GenerationTarget> targets,
            Feed feed,
            Supplier<@Nullable String> loss,
            boolean runsHere) {
        GenerationTarget target = targets.get();
        ProjectionStatus status = new ProjectionStatus(target.name(), loss);
        ProjectionInvoker invoker = new ProjectionInvoker(
                poster(store, target), () -> poster(store, targets.get()), status, settings.maxPostings());
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(
                1 + feed.segments(),
                Thread.ofPlatform().name(target.name() + "-", 0).daemon().factory());
        PooledStreamingEventProcessor processor =
                processor(target.name(), invoker, feed, settings, tokens, transactions, executor, Clock.systemUTC());
        return new RunningProjection(
                target,
                invoker,
                status,
                processor,
                () -> ProcessorTokens.of(books, target.name()),
                executor,
                feed.source() == source ? topic : null,
                settings.retry(),
                runsHere);
    }

    /**
     * @param executor has a thread for each segment, and one besides
     * @param clock by which claims are extended and taken, and failures waited for
     */
    static PooledStreamingEventProcessor processor(
            String name,
            ProjectionInvoker invoker,
            Feed feed,
            Posting settings,
            TokenStore tokens,
            TransactionManager transactions,
            ScheduledExecutorService executor,
            Clock clock) {
        AtomicReference<PooledStreamingEventProcessor> itself = new AtomicReference<>();
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name(name)
                .eventHandlerInvoker(invoker)
                .messageSource(new SlicedSource(
                        feed.source(),
                        () -> itself.get().processingStatus().keySet(),
                        settings.maxEvents(),
                        settings.maxBytes()))
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(executor)
                .workerExecutor(executor)
                .initialSegmentCount(feed.segments())
                .initialToken(stream -> stream.createTailToken())
                .batchSize(BATCH_SIZE)
                // A batch may take longer than a claim lasts, such as one that adds up all balances: it would be tried
                // in turns
                // by two nodes, and never end.
                .enableCoordinatorClaimExtension()
                .claimExtensionThreshold(Tokens.CLAIM_INTERVAL.toMillis())
                .tokenClaimInterval(Tokens.CLAIM_INTERVAL.toMillis())
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(PropagatingErrorHandler.instance())
                .clock(clock)
                .build();
        itself.set(processor);
        return processor;
    }

    private Poster poster(GenerationStore store, GenerationTarget target) {
        return new Poster(target, new Parking(store.projection(), books, settings.maxParkedLedgers()), savepoints);
    }
}
