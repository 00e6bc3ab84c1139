package io.daybook.cli.proof;

import io.daybook.axon.StoredEvent;
import io.daybook.cli.installation.Stores;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events in a table of PostgreSQL. */
final class EventTable implements EventSource {

    private static final int FETCHED_AT_ONCE = 2_000;

    private final String title;
    private final String columns;
    private final Connection connection;

    private EventTable(String title, String columns, Connection connection) {
        this.title = title;
        this.columns = columns;
        this.connection = connection;
    }

    static EventTable ofEventStore(Stores stores) {
        return of(
                "the event store",
                "event_id, type, recorded_at, request_id, actor, encode(hash, 'hex'), data",
                stores,
                "daybook.event-store",
                "public");
    }

    /** What the live generation of the books was posted from. */
    static EventTable ofBooks(Stores stores) {
        return of(
                "the books",
                "id, type, recorded_at, request_id, actor, hash, convert_to(data::text, 'UTF8')",
                stores,
                "daybook.books",
                "books");
    }

    private static EventTable of(String title, String columns, Stores stores, String prefix, String schema) {
        Properties properties = new Properties();
        properties.setProperty("user", stores.get(prefix + ".username"));
        properties.setProperty("password", stores.get(prefix + ".password"));
        properties.setProperty("currentSchema", schema);
        properties.setProperty("ApplicationName", "daybook verify");
        properties.setProperty("readOnly", "true");
        String url = stores.get(prefix + ".jdbc-url");
        try {
            Connection connection = DriverManager.getConnection(url, properties);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new EventTable(title, columns, connection);
        } catch (SQLException e) {
            throw EventSource.unreachable(title, url, e);
        }
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public long count(@Nullable LedgerId ledger) {
        try (PreparedStatement select = connection.prepareStatement(
                "select coalesce(sum(last), 0) from (select max(sequence) as last from event" + only(ledger)
                        + " group by ledger) as head")) {
            bind(select, ledger);
            ResultSet rows = select.executeQuery();
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer) {
        try (PreparedStatement select = connection.prepareStatement(
                "select ledger, sequence, " + columns + " from event" + only(ledger) + " order by ledger, sequence")) {
            select.setFetchSize(FETCHED_AT_ONCE);
            bind(select, ledger);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                consumer.accept(new StoredEvent(
                        rows.getString(1),
                        rows.getLong(2),
                        rows.getObject(3, UUID.class),
                        rows.getString(4),
                        rows.getTimestamp(5).toInstant(),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getString(8),
                        rows.getBytes(9)));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static String only(@Nullable LedgerId ledger) {
        return ledger == null ? "" : " where ledger = ?";
    }

    private static void bind(PreparedStatement select, @Nullable LedgerId ledger) throws SQLException {
        if (ledger != null) {
            select.setString(1, ledger.value());
        }
    }

    private CommandFailed failed(SQLException e) {
        return new CommandFailed("The events in " + title + " cannot be read: " + e.getMessage() + ".", e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing was written over it.
        }
    }
}
