package io.daybook.command.bus;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells failures of a store that is away, where trying again at once would only wait and fail again. */
public final class StoreOutage {

    private StoreOutage() {}

    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLException sql && isConnectionLost(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Class 08 is "connection exception", 57P "operator intervention", such as a shutdown (PostgreSQL, appendix A). */
    private static boolean isConnectionLost(@Nullable String sqlState) {
        return sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P"));
    }
}
