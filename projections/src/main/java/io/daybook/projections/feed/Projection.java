package io.daybook.projections.feed;

import java.util.List;

/** Posts events to one store. */
public interface Projection extends AutoCloseable {

    /** Its name in statuses and tokens, such as {@code books}. */
    String name();

    /**
     * Posts a batch. Events that the store has already are skipped; when this returns, the store has them all.
     *
     * @param events of any ledgers; those of one ledger in their order
     * @throws HoleException if an event of a ledger is missing before one of these
     * @throws Exception if the store cannot be written; the batch comes again
     */
    void apply(List<PublishedEvent> events) throws Exception;

    /** Makes ready what the store needs, such as its schema. Called until it succeeds, before the first event. */
    default void prepare() throws Exception {}

    /** Gives back what it holds of the store, such as a connection. */
    @Override
    default void close() {}
}
