package io.daybook.cli.replay;

import io.daybook.cli.installation.Stores;
import io.daybook.cli.terminal.CommandFailed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Table {@code generation} in the books' database: what the projections are asked for, and what comes of it. */
final class Generations implements AutoCloseable {

    /**
     * Of one projection.
     *
     * @param aside the number of the generation that is not live, or null
     * @param state building, paused, kept, or null if there is none aside
     * @param wanted what was asked for and not taken up yet, or null
     * @param events how many the generation aside has to post, and {@code behind} of them are left
     * @param detail what came of what was asked for last
     */
    record Row(
            String projection,
            int live,
            @Nullable Integer aside,
            @Nullable String state,
            @Nullable String wanted,
            long events,
            long behind,
            @Nullable String detail) {

        boolean isUnderWay() {
            return wanted != null || "building".equals(state);
        }
    }

    private final Connection books;

    private Generations(Connection books) {
        this.books = books;
    }

    static Generations of(Stores stores) {
        Properties properties = new Properties();
        properties.setProperty("user", stores.get("daybook.books.username"));
        properties.setProperty("password", stores.get("daybook.books.password"));
        properties.setProperty("currentSchema", "projections");
        properties.setProperty("ApplicationName", "daybook replay");
        String url = stores.get("daybook.books.jdbc-url");
        try {
            return new Generations(DriverManager.getConnection(url, properties));
        } catch (SQLException e) {
            throw new CommandFailed(
                    "The books' database at " + url + " cannot be reached: " + e.getMessage()
                            + ".\n'./daybook status' tells whether it runs.",
                    e);
        }
    }

    /** Has the projections do something; what was asked for before must have been taken up. */
    void ask(String projection, String what) {
        try (PreparedStatement update = books.prepareStatement(
                "update generation set wanted = ?, detail = null where projection = ? and wanted is null")) {
            update.setString(1, what);
            update.setString(2, projection);
            if (update.executeUpdate() == 0) {
                throw new CommandFailed("Something else was just asked of " + projection
                        + " and is not taken up yet; './daybook replay status' tells.");
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    List<Row> rows(List<String> projections) {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = books.prepareStatement(
                "select projection, live, aside, state, wanted, events, behind, detail from generation"
                        + " where projection = any (?) order by projection")) {
            select.setArray(1, books.createArrayOf("text", projections.toArray(String[]::new)));
            ResultSet found = select.executeQuery();
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getInt(2),
                        found.getObject(3, Integer.class),
                        found.getString(4),
                        found.getString(5),
                        found.getLong(6),
                        found.getLong(7),
                        found.getString(8)));
            }
            return rows;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static CommandFailed failed(SQLException e) {
        return new CommandFailed(
                "The books' database cannot be asked: " + e.getMessage() + ".\nA replay goes on by itself; './daybook"
                        + " replay status' tells of it when the database is there again.",
                e);
    }

    @Override
    public void close() {
        try {
            books.close();
        } catch (SQLException e) {
            // Nothing was left to be done over it.
        }
    }
}
