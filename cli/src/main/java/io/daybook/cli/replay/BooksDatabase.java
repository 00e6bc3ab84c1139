package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Stores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The books' database, where the projections are asked for something, and tell what comes of it. */
final class BooksDatabase implements AutoCloseable {

    private final Connection connection;

    private BooksDatabase(Connection connection) {
        this.connection = connection;
    }

    static BooksDatabase of(Stores stores) {
        Properties properties = new Properties();
        properties.setProperty("user", stores.get("daybook.books.username"));
        properties.setProperty("password", stores.get("daybook.books.password"));
        properties.setProperty("currentSchema", "projections");
        properties.setProperty("ApplicationName", "daybook replay");
        String url = stores.get("daybook.books.jdbc-url");
        try {
            return new BooksDatabase(DriverManager.getConnection(url, properties));
        } catch (SQLException e) {
            throw new CommandFailed(
                    "The books' database at " + url + " cannot be reached: " + e.getMessage()
                            + ".\n'./daybook status' tells whether it runs.",
                    e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** All that is done within takes effect, or nothing if it fails. */
    void inTransaction(Runnable statements) {
        try {
            connection.setAutoCommit(false);
            try {
                statements.run();
                connection.commit();
            } catch (RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    static CommandFailed failed(SQLException e) {
        return new CommandFailed(
                "The books' database cannot be asked: " + e.getMessage() + ".\nA replay goes on by itself; './daybook"
                        + " replay status' tells of it when the database is there again.",
                e);
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
