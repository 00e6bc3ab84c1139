package io.daybook.projections.guard;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The lock in the books' database by which one node guards. It is that of a connection, and gone with it. */
final class GuardLock {

    private static final String LOCK = "hashtextextended('guard', 0)";

    private final DataSource books;
    private @Nullable Connection connection;
    private volatile boolean isHeldHere;

    GuardLock(DataSource books) {
        this.books = books;
    }

    /** Whether this node has it, as far as is known; any thread may ask. */
    boolean isHeldHere() {
        return isHeldHere;
    }

    /** Whether this node has it still: the connection is asked. If it is lost, it is let go. */
    boolean isHeld() throws SQLException {
        if (connection == null) {
            return false;
        }
        try {
            return ask(connection, "true");
        } catch (SQLException e) {
            release();
            throw e;
        }
    }

    /** Whether this node has it then; not if another has. */
    boolean take() throws SQLException {
        Connection candidate = books.getConnection();
        boolean isTaken = false;
        try {
            isTaken = ask(candidate, "pg_try_advisory_lock(" + LOCK + ")");
        } finally {
            if (isTaken) {
                connection = candidate;
                isHeldHere = true;
            } else {
                candidate.close();
            }
        }
        return isTaken;
    }

    void release() {
        isHeldHere = false;
        if (connection != null) {
            try (Connection held = connection) {
                ask(held, "pg_advisory_unlock(" + LOCK + ")");
            } catch (SQLException e) {
                // It went with the connection.
            }
            connection = null;
        }
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select " + question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }
}
