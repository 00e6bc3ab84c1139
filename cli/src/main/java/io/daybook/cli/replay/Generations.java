package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Table {@code generation} in the books' database: what the projections are asked for, and what comes of it. */
final class Generations {

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

        boolean isBuilding() {
            return "building".equals(state);
        }

        boolean isUnderWay() {
            return wanted != null || isBuilding();
        }
    }

    private final BooksDatabase books;

    Generations(BooksDatabase books) {
        this.books = books;
    }

    /** Has the projections do something; what was asked for before must have been taken up. */
    void ask(String projection, String what) {
        ask(projection, what, Source.KAFKA, 1);
    }

    /**
     * The same for what makes a generation.
     *
     * @param parallel by how many threads it is posted
     */
    void ask(String projection, String what, Source source, int parallel) {
        try (PreparedStatement update = books.connection()
                .prepareStatement(
                        "update generation set wanted = ?, wanted_source = ?, wanted_parallel = ?, detail = null"
                                + " where projection = ? and wanted is null")) {
            update.setString(1, what);
            update.setString(2, source.label());
            update.setInt(3, parallel);
            update.setString(4, projection);
            if (update.executeUpdate() == 0) {
                throw new CommandFailed("Something else was just asked of " + projection
                        + " and is not taken up yet; './daybook replay status' tells.");
            }
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    /** Takes back what was asked for, if nobody has taken it up; whether it was so. */
    boolean withdraw(String projection) {
        try (PreparedStatement update = books.connection()
                .prepareStatement("update generation set wanted = null where projection = ?"
                        + " and wanted in ('replay', 'dry-run', 'resume') and state is distinct from 'building'")) {
            update.setString(1, projection);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    List<Row> rows(List<String> projections) {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = books.connection()
                .prepareStatement(
                        "select projection, live, aside, state, wanted, events, behind, detail from generation"
                                + " where projection = any (?) order by projection")) {
            select.setArray(1, books.connection().createArrayOf("text", projections.toArray(String[]::new)));
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
            throw BooksDatabase.failed(e);
        }
    }
}
