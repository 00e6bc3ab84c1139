package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Table {@code repair} in the books' database: single ledgers that are posted anew. */
final class Repairs {

    /**
     * One ledger in one projection.
     *
     * @param state wanted, running, paused, failed or done
     * @param reached the last event that is posted anew
     * @param events how many there are to read, and {@code behind} of them are left
     * @param detail why it does not go on, or what came of it
     */
    record Row(
            String projection,
            String ledger,
            String state,
            long reached,
            long events,
            long behind,
            @Nullable String detail) {

        boolean isDone() {
            return state.equals("done");
        }

        boolean isUnderWay() {
            return state.equals("running") || isWanted();
        }

        /** Whether nobody has taken it up yet. */
        boolean isWanted() {
            return state.equals("wanted");
        }
    }

    private final BooksDatabase books;

    Repairs(BooksDatabase books) {
        this.books = books;
    }

    /**
     * Has ledgers posted anew, each from a sequence on. One that failed is tried again.
     *
     * @param ledgers with the first sequence of each
     */
    void ask(String projection, Map<String, Long> ledgers, Source source) {
        try (PreparedStatement insert = books.connection().prepareStatement("""
                insert into repair (projection, ledger, source, from_sequence) values (?, ?, ?, ?)
                on conflict (projection, ledger)
                do update set source = excluded.source, from_sequence = excluded.from_sequence, state = 'wanted',
                              reached = 0, events = 0, behind = 0, detail = null, updated_at = now()
                 where repair.state in ('paused', 'failed', 'done')
                """)) {
            for (Map.Entry<String, Long> ledger : ledgers.entrySet()) {
                insert.setString(1, projection);
                insert.setString(2, ledger.getKey());
                insert.setString(3, source.label());
                insert.setLong(4, ledger.getValue());
                if (insert.executeUpdate() == 0) {
                    throw new CommandFailed("Ledger " + ledger.getKey() + " is being posted anew in " + projection
                            + " already; './daybook replay status' tells.");
                }
            }
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    /** How many of a projection's were paused by this. */
    int pause(String projection) {
        return change(projection, "update repair set state = 'paused' where state in ('wanted', 'running')");
    }

    /** How many of a projection's go on by this. */
    int resume(String projection) {
        return change(
                projection,
                "update repair set state = case when state = 'failed' or reached = 0 then 'wanted' else 'running' end,"
                        + " detail = null where state in ('paused', 'failed')");
    }

    private int change(String projection, String sql) {
        try (PreparedStatement update = books.connection().prepareStatement(sql + " and projection = ?")) {
            update.setString(1, projection);
            return update.executeUpdate();
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    List<Row> rows(List<String> projections) {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = books.connection()
                .prepareStatement("select projection, ledger, state, reached, events, behind, detail from repair"
                        + " where projection = any (?) order by projection, ledger")) {
            select.setArray(1, books.connection().createArrayOf("text", projections.toArray(String[]::new)));
            ResultSet found = select.executeQuery();
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getString(2),
                        found.getString(3),
                        found.getLong(4),
                        found.getLong(5),
                        found.getLong(6),
                        found.getString(7)));
            }
            return rows;
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }
}
