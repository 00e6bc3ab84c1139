package io.daybook.projections.projection;

import java.util.List;

/** Posts events to one store. */
public interface Projection extends AutoCloseable {

    /** Its name in statuses and tokens, such as {@code books}. */
    String name();

    /**
     * Posts a batch. Events that the store has already are skipped; when this returns, the store has them all.
     *
     * @param events of any ledgers; those of one ledger in their order
     * @throws GapException if an event of a ledger is missing before one of these
     * @throws UnreadableEventException if one of them cannot be read
     * @throws Exception if the store cannot be written, or refuses one of them; they come again
     */
    void apply(List<PublishedEvent> events) throws Exception;

    /**
     * Whether a failure of {@link #apply} comes of the state that the store, or the way to it, is in: it is tried again until
     * that is well, however long it takes. Otherwise it comes of what the events say, and will come each time.
     */
    boolean isOutage(Exception failure);

    /** Makes ready what the store needs, such as its schema. Called until it succeeds, before the first event. */
    default void prepare() throws Exception {}

    /** Gives back what it holds of the store, such as a connection. */
    @Override
    default void close() {}
}
