package io.daybook.command.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Rows beside the journal that belong to what a unit of work does: written in the transaction that appends its events, before
 * they are appended, or in one of their own if there are none. The callers are answered after that.
 */
@FunctionalInterface
public interface BesideJournal {

    /**
     * @param connection that of the transaction
     * @throws SQLException if nothing of what goes with it may be written
     */
    void write(Connection connection) throws SQLException;
}
