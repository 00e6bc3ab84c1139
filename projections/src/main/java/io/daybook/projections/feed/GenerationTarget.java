package io.daybook.projections.feed;

import io.daybook.projections.feed.GenerationStore.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Posts to the generation that is live, or to the one aside, whichever that is. It shares the projection's row in table
 * {@code generation} until its batch is committed: generations are exchanged between two batches, on every node.
 */
final class GenerationTarget implements Projection {

    private final GenerationStore store;
    private final Role role;
    private final JdbcTemplate books;
    private int generation;
    private @Nullable Projection current;

    GenerationTarget(GenerationStore store, Role role, JdbcTemplate books) {
        this.store = store;
        this.role = role;
        this.books = books;
    }

    static String name(String projection, Role role) {
        return role == Role.LIVE ? projection : projection + "-aside";
    }

    @Override
    public String name() {
        return name(store.projection(), role);
    }

    @Override
    public void prepare() throws Exception {
        current("");
    }

    @Override
    public void apply(List<PublishedEvent> events) throws Exception {
        current("for key share").apply(events);
    }

    private Projection current(String lock) throws Exception {
        Integer now = DataAccessUtils.singleResult(books.queryForList(
                "select " + (role == Role.LIVE ? "live" : "aside") + " from generation where projection = ? " + lock,
                Integer.class,
                store.projection()));
        if (now == null) {
            throw new IllegalStateException("there is no generation of " + store.projection() + " aside");
        }
        if (current == null || now != generation) {
            close();
            Projection next = store.posting(now, role);
            next.prepare();
            current = next;
            generation = now;
        }
        return current;
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
