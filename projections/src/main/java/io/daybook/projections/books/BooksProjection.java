package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/**
 * Posts to PostgreSQL. A batch is one transaction, that of the processor's unit of work: the events, what follows from
 * them, and how far each ledger has come are there together or not at all.
 */
public final class BooksProjection implements Projection {

    /** Cardinality, data, integrity constraint, check option, program limit (such as a key that is too long), raised. */
    private static final Set<String> STATES_OF_VALUES = Set.of("21", "22", "23", "44", "54", "P0");

    private final JdbcTemplate books;
    private final Written written;
    private final Unwritten unwritten;

    /**
     * @param books whose search path finds the books that are posted to; what is applied together is in one transaction of the
     *     caller's
     */
    public BooksProjection(JdbcTemplate books) {
        this(books, new Written(), new Unwritten(books));
    }

    /**
     * @param written of books that have all balances
     * @param unwritten of books that are being rebuilt
     */
    BooksProjection(JdbcTemplate books, Written written, Unwritten unwritten) {
        this.books = books;
        this.written = written;
        this.unwritten = unwritten;
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
        Known known = rebuilding ? unwritten : written;
        List<PublishedEvent> unseen = Positions.newOf(events, positions(Positions.ledgersOf(events), known));
        if (unseen.isEmpty()) {
            return;
        }
        BatchBalances balances = new BatchBalances(known);
        try {
            balances.find(unseen, books);
            known.remember(BooksBatch.of(unseen, balances, books).write(books, rebuilding));
            balances.keep();
        } catch (RuntimeException | Error e) {
            balances.takeBack();
            throw e;
        }
    }

    /** What of books that are being rebuilt is not written with each batch. */
    Unwritten unwritten() {
        return unwritten;
    }

    /** PostgreSQL tells by the class of an SQL state whether a statement's values are wrong, or it itself has a problem. */
    @Override
    public boolean isOutage(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState() == null
                        || !STATES_OF_VALUES.contains(sql.getSQLState().substring(0, 2));
            }
        }
        return failure instanceof DataAccessException || failure instanceof TransactionException;
    }

    /** The ledgers' rows stay locked until the commit, so that nobody else posts to them meanwhile. */
    private Map<LedgerId, Long> positions(Set<LedgerId> ledgers, Known known) {
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
