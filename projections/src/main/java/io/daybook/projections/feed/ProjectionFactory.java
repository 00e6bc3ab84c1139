package io.daybook.projections.feed;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives a projection an event processor of its own. */
public final class ProjectionFactory {

    private static final int BATCH_SIZE = 1_000;

    private final StreamableMessageSource<TrackedEventMessage<?>> source;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private final String bootstrapServers;
    private final String topic;
    private final JdbcTemplate books;
    private final TransactionTemplate savepoints;

    ProjectionFactory(
            StreamableMessageSource<TrackedEventMessage<?>> source,
            TokenStore tokens,
            TransactionManager transactions,
            String bootstrapServers,
            String topic,
            JdbcTemplate books,
            PlatformTransactionManager booksTransactions) {
        this.source = source;
        this.tokens = tokens;
        this.transactions = transactions;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.books = books;
        this.savepoints = new TransactionTemplate(
                booksTransactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
    }

    /** Makes a processor for the live generation, or the one aside. */
    public RunningProjection run(GenerationStore store, GenerationStore.Role role) {
        GenerationTarget target = new GenerationTarget(store, role, books);
        ProjectionStatus status = new ProjectionStatus(target.name());
        Poster poster = new Poster(target, new Parking(store.projection(), books), savepoints);
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().name(target.name() + "-", 0).daemon().factory());
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name(target.name())
                .eventHandlerInvoker(new ProjectionInvoker(poster, status))
                .messageSource(source)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(executor)
                .workerExecutor(executor)
                .initialSegmentCount(1)
                .initialToken(stream -> stream.createTailToken())
                .batchSize(BATCH_SIZE)
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(PropagatingErrorHandler.instance())
                .build();
        return new RunningProjection(target, status, processor, executor, bootstrapServers, topic);
    }
}
