package io.daybook.cli.proof;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A table {@code event} of PostgreSQL. */
abstract class TableEventSource implements EventSource {

    private static final int FETCHED_AT_ONCE = 2_000;

    /** Takes what a row has. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(StoredEvent event, ResultSet row) throws SQLException;
    }

    private final DatabaseSnapshot database;
    private final String columns;

    /**
     * @param columns what is selected
     */
    TableEventSource(DatabaseSnapshot database, String columns) {
        this.database = database;
        this.columns = columns;
    }

    DatabaseSnapshot database() {
        return database;
    }

    @Override
    public String title() {
        return database.title();
    }

    @Override
    public long count(@Nullable LedgerId ledger) {
        try (PreparedStatement select = database.connection()
                .prepareStatement("select coalesce(sum(last), 0) from (select max(sequence) as last from event"
                        + only(ledger) + " group by ledger) as head")) {
            bind(select, ledger);
            ResultSet rows = select.executeQuery();
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw database.failed(e);
        }
    }

    /** The event of a row. */
    abstract StoredEvent event(ResultSet row) throws SQLException;

    /** In the order of ledgers, and in each of its events. */
    void forEach(@Nullable LedgerId ledger, RowConsumer consumer) {
        try (PreparedStatement select = database.connection()
                .prepareStatement("select " + columns + " from event" + only(ledger) + " order by ledger, sequence")) {
            select.setFetchSize(FETCHED_AT_ONCE);
            bind(select, ledger);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                consumer.accept(event(rows), rows);
            }
        } catch (SQLException e) {
            throw database.failed(e);
        }
    }

    static String only(@Nullable LedgerId ledger) {
        return ledger == null ? "" : " where ledger = ?";
    }

    static void bind(PreparedStatement select, @Nullable LedgerId ledger) throws SQLException {
        if (ledger != null) {
            select.setString(1, ledger.value());
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
