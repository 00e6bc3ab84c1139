package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Table {@code generation} in the books' database: what the projections are asked for, and what comes of it. */
final class Generations {

    /**
     * Of one projection.
     *
     * @param aside the number of the generation that is not live, or null
     * @param state building, paused, kept, or null if there is none aside
     * @param dryRun whether the one aside is only compared
     * @param wanted what was asked for and not taken up yet, or null
     * @param events how many the generation aside has to post, and {@code behind} of them are left
     * @param behindLive how many of these the live one has posted
     * @param detail what it is doing, or what came of what was asked for last
     */
    record Row(
            String projection,
            int live,
            @Nullable Integer aside,
            @Nullable String state,
            boolean dryRun,
            @Nullable String wanted,
            long events,
            long behind,
            long behindLive,
            @Nullable String detail)
            implements Watched {

        boolean isBuilding() {
            return "building".equals(state);
        }

        boolean isPaused() {
            return "paused".equals(state);
        }

        /** Whether that is what a dry run has found. */
        boolean isWithoutDifferences() {
            return detail != null && detail.startsWith("no differences");
        }

        @Override
        public String title() {
            return projection;
        }

        @Override
        public boolean isUnderWay() {
            return wanted != null || isBuilding();
        }

        @Override
        public boolean isPosting() {
            return isBuilding();
        }

        @Override
        public String note() {
            String behind = events == 0 ? null : String.format(Locale.ROOT, "%,d behind live", behindLive);
            String note = Stream.of(behind, detail).filter(Objects::nonNull).collect(Collectors.joining(", "));
            return note.isEmpty() ? "" : projection + " " + note;
        }

        @Override
        public String outcome() {
            return projection + ": " + Objects.requireNonNullElse(detail, "generation " + live + " is live");
        }
    }

    private final BooksDatabase books;

    Generations(BooksDatabase books) {
        this.books = books;
    }

    /**
     * Has the projections build new generations: all of them, or none if one cannot.
     *
     * @param request a replay or a dry run
     * @param parallel by how many threads each is posted
     * @return as they were before
     * @throws CommandFailed if something else is under way or paused; what comes of that is not what was asked for here
     */
    List<Row> build(Collection<String> projections, Request request, Source source, int parallel) {
        List<Row> before = rows(projections);
        books.inTransaction(() -> before.forEach(row -> {
            try (PreparedStatement update = books.connection()
                    .prepareStatement(
                            "update generation set wanted = ?, wanted_source = ?, wanted_parallel = ?, detail = null"
                                    + " where projection = ? and wanted is null and (state is null or state = 'kept')")) {
                update.setString(1, request.label());
                update.setString(2, source.name());
                update.setInt(3, parallel);
                update.setString(4, row.projection());
                if (update.executeUpdate() == 0) {
                    throw refused(row.projection());
                }
            } catch (SQLException e) {
                throw BooksDatabase.failed(e);
            }
        }));
        return before;
    }

    /** Has the projections do something else; what was asked for before must have been taken up. */
    void ask(Collection<Row> rows, Request request) {
        books.inTransaction(() -> rows.forEach(row -> {
            try (PreparedStatement update = books.connection()
                    .prepareStatement(
                            "update generation set wanted = ?, detail = null where projection = ? and wanted is null")) {
                update.setString(1, request.label());
                update.setString(2, row.projection());
                if (update.executeUpdate() == 0) {
                    throw refused(row.projection());
                }
            } catch (SQLException e) {
                throw BooksDatabase.failed(e);
            }
        }));
    }

    private CommandFailed refused(String projection) {
        boolean isAsked = rows(List.of(projection)).stream().anyMatch(row -> row.wanted() != null);
        return new CommandFailed(
                isAsked
                        ? "Something else was just asked of " + projection
                                + " and is not taken up yet; './daybook replay status' tells."
                        : "A generation of " + projection + " is being built already, or is paused: './daybook replay"
                                + " status' tells how far it is, './daybook replay resume " + projection
                                + "' goes on with it, './daybook replay discard " + projection + "' gives it up.");
    }

    /** Takes back what was asked for, if nobody has taken it up; whether it was so. */
    boolean withdraw(String projection) {
        try (PreparedStatement update = books.connection()
                .prepareStatement(
                        "update generation set wanted = null where projection = ?"
                                + " and wanted in ('replay', 'dry-run', 'resume', 'rollback') and state is distinct from 'building'")) {
            update.setString(1, projection);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }

    List<Row> rows(Collection<String> projections) {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = books.connection().prepareStatement("""
                select g.projection, g.live, g.aside, g.state, g.dry_run, g.wanted, g.events, g.behind,
                       greatest(0, g.behind - coalesce(p.lag_events, 0)), g.detail
                  from generation g left join projection p on p.name = g.projection
                 where g.projection = any (?) order by g.projection
                """)) {
            select.setArray(1, books.connection().createArrayOf("text", projections.toArray(String[]::new)));
            ResultSet found = select.executeQuery();
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getInt(2),
                        found.getObject(3, Integer.class),
                        found.getString(4),
                        found.getBoolean(5),
                        found.getString(6),
                        found.getLong(7),
                        found.getLong(8),
                        found.getLong(9),
                        found.getString(10)));
            }
            return rows;
        } catch (SQLException e) {
            throw BooksDatabase.failed(e);
        }
    }
}
