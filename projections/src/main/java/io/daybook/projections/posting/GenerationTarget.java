package io.daybook.projections.posting;

import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.projection.Projection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The generation that is live, whichever that is, or one that is aside. Who posts to it shares the projection's row in table
 * {@code generation} until his batch is committed: generations are exchanged between two batches, on every node.
 */
final class GenerationTarget implements AutoCloseable {

    /**
     * A generation, to be posted to until the transaction ends.
     *
     * @param number counts from 1
     * @param projection posts to it
     * @param hasParked whether it has ledgers that are parked
     */
    record Open(int number, Projection projection, boolean hasParked) {}

    private final GenerationStore store;
    private final Role role;
    private final JdbcTemplate books;
    private int generation;
    private @Nullable Projection current;

    private GenerationTarget(GenerationStore store, Role role, int generation, JdbcTemplate books) {
        this.store = store;
        this.role = role;
        this.generation = generation;
        this.books = books;
    }

    static GenerationTarget live(GenerationStore store, JdbcTemplate books) {
        return new GenerationTarget(store, Role.LIVE, 0, books);
    }

    /**
     * One that cannot be opened when the generation is not aside any more: who posts to it may not have heard of the
     * exchange, and would pass the tokens of the one that is aside now, and is not his.
     */
    static GenerationTarget aside(GenerationStore store, int generation, JdbcTemplate books) {
        return new GenerationTarget(store, Role.ASIDE, generation, books);
    }

    /** Of the projection, and in which place this is. */
    String name() {
        return role == Role.LIVE ? store.projection() : store.projection() + "-aside";
    }

    String projection() {
        return store.projection();
    }

    /** Makes ready what the store needs. Called until it succeeds, before the first event. */
    void prepare() throws Exception {
        open("");
    }

    /** What is posted to now; it is not exchanged until the transaction ends. */
    Open open() throws Exception {
        return open("for key share");
    }

    private Open open(String lock) throws Exception {
        Row now = read(lock);
        if (role == Role.ASIDE && now.number() != generation) {
            throw new NotAsideException(store.projection(), generation);
        }
        if (current == null || now.number() != generation) {
            close();
            Projection next = store.posting(known(now.generation()), role);
            next.prepare();
            current = next;
            generation = now.number();
        }
        return new Open(generation, current, now.hasParked());
    }

    private record Row(Generation generation, boolean hasParked) {
        int number() {
            return generation.number();
        }
    }

    /** What a newer version has begun, who does not know how would make something else of. */
    private Generation known(Generation posted) {
        if (posted.format() > store.format()) {
            throw new IllegalStateException("generation " + posted.number() + " of " + store.projection()
                    + " is of format " + posted.format() + ", which a newer version of Daybook has made, and this one"
                    + " posts formats up to " + store.format() + ": start the newer version again");
        }
        return posted;
    }

    /**
     * Two statements in one round trip, as the second must see what was committed while the first waited for the row: who
     * parks a ledger so that it is left to him has the row for himself.
     */
    private Row read(String lock) {
        String sql = """
                select %1$s, coalesce(%1$s_format, %3$s) from generation where projection = ? and %1$s is not null %2$s;
                select exists (select from parked join generation using (projection)
                                where projection = ? and parked.generation = generation.%1$s)
                """.formatted(role == Role.LIVE ? "live" : "aside", lock, role == Role.LIVE ? "format" : "1");
        return books.execute(sql, (PreparedStatement statement) -> {
            statement.setString(1, store.projection());
            statement.setString(2, store.projection());
            statement.execute();
            ResultSet generations = statement.getResultSet();
            if (!generations.next()) {
                throw new IllegalStateException("there is no generation of " + store.projection() + " aside");
            }
            Generation found = new Generation(generations.getInt(1), generations.getInt(2));
            statement.getMoreResults();
            ResultSet parked = statement.getResultSet();
            return new Row(found, parked.next() && parked.getBoolean(1));
        });
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
