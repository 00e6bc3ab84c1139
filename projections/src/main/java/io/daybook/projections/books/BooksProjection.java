package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Posts to PostgreSQL. A batch is one transaction, that of the processor's unit of work: the events, what follows from
 * them, and how far each ledger has come are there together or not at all.
 */
final class BooksProjection implements Projection {

    private final JdbcTemplate books;
    private final Known known = new Known();

    BooksProjection(JdbcTemplate books) {
        this.books = books;
    }

    @Override
    public String name() {
        return "books";
    }

    @Override
    public void apply(List<PublishedEvent> events) {
        apply(events, false);
    }

    /**
     * @param rebuilding whether the tables have no indexes, and what can be told at the end is left out
     */
    void apply(List<PublishedEvent> events, boolean rebuilding) {
        List<PublishedEvent> unseen = Positions.newOf(events, positions(Positions.ledgersOf(events)));
        if (!unseen.isEmpty()) {
            Batch batch = Batch.of(unseen, known, books);
            known.remember(batch.write(books, rebuilding), batch.balances());
        }
    }

    /** The ledgers' rows stay locked until the commit, so that nobody else posts to them meanwhile. */
    private Map<LedgerId, Long> positions(Set<LedgerId> ledgers) {
        Map<LedgerId, Long> positions = new HashMap<>();
        Map<LedgerId, @Nullable String> versions = new HashMap<>();
        ledgers.forEach(ledger -> versions.put(ledger, null));
        ArrayRows names = new ArrayRows("text");
        ledgers.forEach(ledger -> names.add(ledger.value()));
        books.query(
                connection -> names.bind(
                        connection,
                        "select ledger, sequence, xmin::text as version from ledger where ledger = any (?)"
                                + " order by ledger for update"),
                row -> {
                    LedgerId ledger = new LedgerId(row.getString("ledger"));
                    positions.put(ledger, row.getLong("sequence"));
                    versions.put(ledger, row.getString("version"));
                });
        known.compare(versions);
        return positions;
    }
}
