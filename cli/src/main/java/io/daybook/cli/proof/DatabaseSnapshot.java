package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Stores;
import io.daybook.stores.BooksDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** A database of PostgreSQL, all of it as it is at the first question. */
record DatabaseSnapshot(String title, Connection connection) implements AutoCloseable {

    /** Where the journal is, and how far it is published. */
    static DatabaseSnapshot ofEventStore(Stores stores) {
        return of("the event store", stores, "daybook.event-store", "public");
    }

    /** Where the live books are, and how far all projections are. */
    static DatabaseSnapshot ofBooks(Stores stores) {
        return of("the books", stores, "daybook.books", BooksDatabase.SEARCH_PATH);
    }

    private static DatabaseSnapshot of(String title, Stores stores, String prefix, String schemas) {
        Properties properties = new Properties();
        properties.setProperty("user", stores.get(prefix + ".username"));
        properties.setProperty("password", stores.get(prefix + ".password"));
        properties.setProperty("currentSchema", schemas);
        properties.setProperty("ApplicationName", "daybook verify");
        properties.setProperty("readOnly", "true");
        String url = stores.get(prefix + ".jdbc-url");
        try {
            Connection connection = DriverManager.getConnection(url, properties);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new DatabaseSnapshot(title, connection);
        } catch (SQLException e) {
            throw EventSource.unreachable(title, url, e);
        }
    }

    CommandFailed failed(SQLException e) {
        return new CommandFailed(
                "The events in " + title + " cannot be read: " + e.getMessage()
                        + ".\n'./daybook status' tells whether it runs.",
                e);
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
