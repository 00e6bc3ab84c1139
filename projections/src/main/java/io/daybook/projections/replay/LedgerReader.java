package io.daybook.projections.replay;

import io.daybook.events.StoredEvent;
import java.util.List;

/** Reads the events of one ledger, in their order, from wherever they are. For one thread. */
interface LedgerReader extends AutoCloseable {

    /** The next ones; some may have been given before. Empty if there are no more at the moment. */
    List<StoredEvent> next();

    /** How many events, of this ledger or others, must be read altogether, as far as is known. */
    long total();

    /** How many of them have been read. */
    long read();

    @Override
    default void close() {}
}
