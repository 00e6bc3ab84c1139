package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Table {@code repair} in the books' database: single ledgers that are posted anew. */
final class Repairs {

    /** A ledger in a projection. */
    record Key(String projection, String ledger) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            return title().compareTo(other.title());
        }

        String title() {
            return projection + ": ledger " + ledger;
        }
    }

    /**
     * One ledger in one projection.
     *
     * @param state wanted, running, paused, failed or done; given up if the table has it no more
     * @param reached the last event that is posted anew
     * @param events how many there are to read, and {@code behind} of them are left
     * @param detail why it does not go on, or what came of it
     */
    record Row(
            Key key,
            String state,
            long reached,
            long events,
            long behind,
            @Nullable String detail) implements Watched {

        private static final String GIVEN_UP = "given up";

        static Row givenUp(Key key) {
            return new Row(
                    key,
                    GIVEN_UP,
                    0,
                    0,
                    0,
                    "'./daybook projections' tells whether it is parked, and './daybook replay " + key.projection()
                            + " --ledger " + key.ledger() + "' posts it anew");
        }

        boolean isDone() {
            return state.equals("done");
        }

        boolean isPaused() {
            return state.equals("paused");
        }

        boolean isGivenUp() {
            return state.equals(GIVEN_UP);
        }

        /** Whether nobody has taken it up yet. */
        boolean isWanted() {
            return state.equals("wanted");
        }

        @Override
        public String title() {
            return key.title();
        }

        @Override
        public boolean isUnderWay() {
            return isPosting() || isWanted();
        }

        @Override
        public boolean isPosting() {
            return state.equals("running");
        }

        @Override
        public String note() {
            return detail == null ? "" : title() + ": " + detail;
        }

        @Override
        public String outcome() {
            if (isDone()) {
                return title() + " " + detail;
            }
            return title() + " is " + state + (detail == null ? "" : ": " + detail);
        }
    }

    private final BooksDatabase books;

    Repairs(BooksDatabase books) {
        this.books = books;
    }

    /**
     * Has ledgers posted anew, each from a sequence on: all of them, or none if one is under way. One that failed is tried
     * again.
     *
     * @param ledgers with the first sequence of each
     */
    Set<Key> ask(Collection<String> projections, Map<String, Long> ledgers, Source source) {
        Set<Key> asked = new TreeSet<>();
        books.inTransaction(() -> projections.forEach(projection -> ledgers.forEach((ledger, first) -> {
            ask(new Key(projection, ledger), first, source);
            asked.add(new Key(projection, ledger));
        })));
        return asked;
    }

    private void ask(Key key, long first, Source source) {
        try (PreparedStatement insert = books.connection().prepareStatement("""
                insert into repair (projection, ledger, source, from_sequence) values (?, ?, ?, ?)
                on conflict (projection, ledger)
                do update set source = excluded.source, from_sequence = excluded.from_sequence, state = 'wanted',
                              reached = 0, events = 0, behind = 0, detail = null, updated_at = now()
                 where repair.state in ('paused', 'failed', 'done')
                """)) {
            insert.setString(1, key.projection());
            insert.setString(2, key.ledger());
            insert.setString(3, source.name());
            insert.setLong(4, first);
            if (insert.executeUpdate() == 0) {
                throw new CommandFailed("Ledger " + key.ledger() + " is being posted anew in " + key.projection()
                        + " already; './daybook replay status' tells.");
            }
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    /** Those that were paused by this. */
    Set<Key> pause(Collection<Key> ledgers) {
        return change(
                ledgers,
                "update repair set state = 'paused' where state in ('wanted', 'running') and projection = ? and ledger = ?");
    }

    /** Those that go on by this. */
    Set<Key> resume(Collection<Key> ledgers) {
        return change(
                ledgers,
                "update repair set state = case when state = 'failed' or reached = 0 then 'wanted' else 'running' end,"
                        + " detail = null where state in ('paused', 'failed') and projection = ? and ledger = ?");
    }

    /** Those that were given up by this. They stay parked, if they were. */
    Set<Key> discard(Collection<Key> ledgers) {
        return change(ledgers, """
                with given_up as (
                    delete from repair where state <> 'done' and projection = ? and ledger = ?
                    returning projection, ledger, state),
                told as (
                    update parked set reason = 'posting it anew was given up'
                      from given_up join generation using (projection)
                     where parked.projection = given_up.projection and parked.ledger = given_up.ledger
                       and parked.generation = live and given_up.state <> 'failed')
                select projection from given_up
                """);
    }

    /** The statement's parameters are a projection and a ledger; it tells of how many rows, or gives as many. */
    private Set<Key> change(Collection<Key> ledgers, String sql) {
        Set<Key> changed = new TreeSet<>();
        try (PreparedStatement statement = books.connection().prepareStatement(sql)) {
            for (Key key : ledgers) {
                statement.setString(1, key.projection());
                statement.setString(2, key.ledger());
                boolean isChanged =
                        statement.execute() ? statement.getResultSet().next() : statement.getUpdateCount() > 0;
                if (isChanged) {
                    changed.add(key);
                }
            }
            return changed;
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    List<Row> rows(Collection<String> projections) {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = books.connection()
                .prepareStatement("select projection, ledger, state, reached, events, behind, detail from repair"
                        + " where projection = any (?) order by projection, ledger")) {
            select.setArray(1, books.connection().createArrayOf("text", projections.toArray(String[]::new)));
            ResultSet found = select.executeQuery();
            while (found.next()) {
                rows.add(new Row(
                        new Key(found.getString(1), found.getString(2)),
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
