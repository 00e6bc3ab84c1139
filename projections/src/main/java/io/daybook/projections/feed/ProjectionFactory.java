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

/** Gives a projection an event processor of its own. */
public final class ProjectionFactory {

    /** In slices, which are as large as there are events. */
    private static final int BATCH_SIZE = 1;

    private final StreamableMessageSource<TrackedEventMessage<?>> source;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private final String bootstrapServers;
    private final String topic;
    private final JdbcTemplate books;

    ProjectionFactory(
            StreamableMessageSource<TrackedEventMessage<?>> source,
            TokenStore tokens,
            TransactionManager transactions,
            String bootstrapServers,
            String topic,
            JdbcTemplate books) {
        this.source = source;
        this.tokens = tokens;
        this.transactions = transactions;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.books = books;
    }

    /** Makes a processor for the live generation, or the one aside. */
    public RunningProjection run(GenerationStore store, GenerationStore.Role role) {
        return run(new GenerationTarget(store, role, books));
    }

    private RunningProjection run(Projection projection) {
        ProjectionStatus status = new ProjectionStatus(projection.name());
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().name(projection.name() + "-", 0).daemon().factory());
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name(projection.name())
                .eventHandlerInvoker(new ProjectionInvoker(projection, status))
                .messageSource(new SlicedSource(source))
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
        return new RunningProjection(projection, status, processor, executor, bootstrapServers, topic);
    }
}
