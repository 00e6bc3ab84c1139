package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.BooksDatabase;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** A ledger of the books, in one transaction: whoever reads sees it as it was until all of it is posted anew. */
final class BooksRepair implements LedgerRepair {

    private final JdbcTemplate books;
    private final LedgerId ledger;
    private final BooksProjection projection;

    BooksRepair(JdbcTemplate books, LedgerId ledger) {
        this.books = books;
        this.ledger = ledger;
        this.projection = new BooksProjection(books);
    }

    /** All of it: each line has the balance after it, and so all lines before. */
    @Override
    public long begin(long after) {
        books.update("delete from entry using balance where balance_number = number and ledger = ?", ledger.value());
        books.queryForList("""
                        select table_name
                          from information_schema.columns
                          join information_schema.tables using (table_schema, table_name)
                         where table_schema = ? and table_type = 'BASE TABLE' and column_name = 'ledger'
                        """, String.class, BooksDatabase.LIVE)
                .forEach(table -> books.update("delete from " + table + " where ledger = ?", ledger.value()));
        return 0;
    }

    @Override
    public void post(List<PublishedEvent> events) {
        projection.apply(events);
    }

    @Override
    public void finish(long last) {}
}
