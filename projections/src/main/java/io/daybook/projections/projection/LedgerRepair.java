package io.daybook.projections.projection;

import java.util.List;

/**
 * One ledger of the live generation, thrown away and posted anew in its place. The projection posts nothing of that ledger
 * meanwhile. What queries see of it until the end is what was there before, or is in other books.
 */
public interface LedgerRepair extends AutoCloseable {

    /**
     * Throws away what is to be posted anew; what an earlier attempt has posted stays if that can be told.
     *
     * @param after the sequence after which events are wanted anew, or that an earlier attempt has come to
     * @return the last sequence that need not be posted any more
     */
    long begin(long after) throws Exception;

    /**
     * @param events the next ones, without a gap
     */
    void post(List<PublishedEvent> events) throws Exception;

    /** Has queries see what was posted, the last of it with this sequence. */
    void finish(long last) throws Exception;

    @Override
    default void close() {}
}
