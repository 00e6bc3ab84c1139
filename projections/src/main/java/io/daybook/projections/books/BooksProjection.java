package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.Positions;
import io.daybook.projections.feed.Projection;
import io.daybook.projections.feed.PublishedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Posts to PostgreSQL. A batch is one transaction, that of the processor's unit of work: the events, what follows from
 * them, and how far each ledger has come are there together or not at all.
 */
final class BooksProjection implements Projection {

    private final JdbcTemplate books;

    BooksProjection(JdbcTemplate books) {
        this.books = books;
    }

    @Override
    public String name() {
        return "books";
    }

    @Override
    public void apply(List<PublishedEvent> events) {
        List<PublishedEvent> unseen = Positions.newOf(events, positions(Positions.ledgersOf(events)));
        if (!unseen.isEmpty()) {
            Batch.of(unseen, books).write(books);
        }
    }

    /** The ledgers' rows stay locked until the commit, so that nobody else posts to them meanwhile. */
    private Map<LedgerId, Long> positions(Set<LedgerId> ledgers) {
        Map<LedgerId, Long> positions = new HashMap<>();
        ArrayRows names = new ArrayRows("text");
        ledgers.forEach(ledger -> names.add(ledger.value()));
        books.query(
                connection -> names.bind(
                        connection,
                        "select ledger, sequence from ledger where ledger = any (?) order by ledger for update"),
                row -> {
                    positions.put(new LedgerId(row.getString("ledger")), row.getLong("sequence"));
                });
        return positions;
    }
}
