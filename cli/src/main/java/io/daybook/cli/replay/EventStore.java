package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Stores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The event store: it knows what there is to replay, and is asked to publish it again. */
final class EventStore implements AutoCloseable {

    private final Connection connection;

    private EventStore(Connection connection) {
        this.connection = connection;
    }

    static EventStore of(Stores stores) {
        Properties properties = new Properties();
        properties.setProperty("user", stores.get("daybook.event-store.username"));
        properties.setProperty("password", stores.get("daybook.event-store.password"));
        properties.setProperty("ApplicationName", "daybook replay");
        String url = stores.get("daybook.event-store.jdbc-url");
        try {
            return new EventStore(DriverManager.getConnection(url, properties));
        } catch (SQLException e) {
            throw new CommandFailed(
                    "The event store at " + url + ", which knows the ledgers, cannot be reached: " + e.getMessage()
                            + ".\n'./daybook status' tells whether it runs.",
                    e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Of each ledger that has events since a time, the sequence of the first of them. */
    Map<String, Long> firstSince(Instant time, @Nullable String ledger) {
        return ledgers(
                "select ledger, min(sequence) from event where recorded_at >= ?"
                        + (ledger == null ? "" : " and ledger = ?") + " group by ledger",
                time,
                ledger);
    }

    /**
     * The sequence of a ledger's last event.
     *
     * @throws CommandFailed if there is no such ledger
     */
    long lastOf(String ledger) {
        Long last = ledgers("select ledger, max(sequence) from event where ledger = ? group by ledger", null, ledger)
                .get(ledger);
        if (last == null) {
            throw new CommandFailed("There is no ledger '" + ledger + "'.");
        }
        return last;
    }

    private Map<String, Long> ledgers(String sql, @Nullable Instant time, @Nullable String ledger) {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int parameter = 1;
            if (time != null) {
                select.setObject(parameter++, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
            }
            if (ledger != null) {
                select.setString(parameter, ledger);
            }
            ResultSet rows = select.executeQuery();
            Map<String, Long> ledgers = new TreeMap<>();
            while (rows.next()) {
                ledgers.put(rows.getString(1), rows.getLong(2));
            }
            return ledgers;
        } catch (SQLException e) {
            throw new CommandFailed("The event store cannot be asked: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing was left to be done over it.
        }
    }
}
