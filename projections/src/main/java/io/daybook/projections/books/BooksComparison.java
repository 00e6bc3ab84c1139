package io.daybook.projections.books;

import io.daybook.projections.projection.Comparison;
import io.daybook.stores.BooksDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Compares every row of two generations of the books that a query could be answered from. They are read as they were when
 * this was made, which takes a transaction that stays open.
 */
final class BooksComparison implements Comparison {

    /**
     * Rows of the one generation with those of the other.
     *
     * @param rows a query of them, with a place for the schema
     * @param key what tells them apart
     */
    private record Compared(String what, String rows, String... key) {}

    /** What is numbered or added up as it came need not be the same, but must give the same in the end. */
    private static final List<Compared> ALL = List.of(
            table("ledger", "ledger"),
            table("event", "ledger", "sequence"),
            table("transaction", "ledger", "sequence"),
            table("account", "ledger", "account"),
            table("account_metadata", "ledger", "account", "sequence"),
            table("hold", "ledger", "id"),
            table("held", "ledger", "account", "asset", "sequence"),
            new Compared(
                    "balance",
                    "select ledger, account, asset, input, output, held, held_at from %1$s.balance",
                    "ledger",
                    "account",
                    "asset"),
            new Compared("entry", """
                    select b.ledger, b.account, b.asset, sequence, posting, effective_at, recorded_at, transaction, amount,
                           e.input, balance
                      from %1$s.entry e
                      join %1$s.balance b on number = balance_number
                    """, "ledger", "account", "asset", "sequence", "posting"),
            turnover("day", "day::timestamp at time zone 'UTC'"),
            turnover("hour", "hour"));

    private static Compared table(String name, String... key) {
        return new Compared(name.replace('_', ' '), "select * from %1$s." + name, key);
    }

    /** With the entries that have not been added yet. */
    private static Compared turnover(String span, String start) {
        return new Compared(
                "turnover of the " + span, """
                select ledger, account, asset, start, sum(input) as input, sum(output) as output
                  from (select ledger, account, asset, %2$s as start, input, output from %%1$s.turnover_%1$s
                        union all
                        select ledger, account, asset, date_trunc('%1$s', effective_at, 'UTC'),
                               greatest(amount, 0), greatest(-amount, 0)
                          from %%1$s.entry
                          join %%1$s.balance b on number = balance_number
                         where sequence > folded) side
                 group by 1, 2, 3, 4
                """.formatted(span, start), "ledger", "account", "asset", "start");
    }

    private final Connection connection;
    private final JdbcTemplate books;

    /**
     * @throws SQLException if the database cannot be asked now
     */
    BooksComparison(DataSource source) throws SQLException {
        this.connection = source.getConnection();
        this.books = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
        try {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            // With its first statement the transaction begins to see what it will.
            books.execute("select 1");
        } catch (RuntimeException | SQLException e) {
            close();
            throw e;
        }
    }

    @Override
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (Compared compared : ALL) {
            if (differences.size() < BooksGenerations.EXAMPLES) {
                differences.addAll(books.queryForList(differencesOf(compared), String.class));
            }
        }
        return differences.stream().limit(BooksGenerations.EXAMPLES).toList();
    }

    /** Which rows they are is told, and not what they say, as that is nothing for logs and statuses. */
    private static String differencesOf(Compared compared) {
        String keys = String.join(", ", compared.key());
        return """
                select format('%1$s %%s %%s', concat_ws(' ', %2$s),
                              case when live is null then 'is in the new books only'
                                   when aside is null then 'is in the live books only'
                                   else 'is not the same in both' end)
                  from (%3$s) live
                  full join (%4$s) aside using (%2$s)
                 where live::text is distinct from aside::text
                 order by %2$s
                 limit %5$d
                """.formatted(
                        compared.what(),
                        keys,
                        compared.rows().formatted(BooksDatabase.LIVE),
                        compared.rows().formatted(BooksDatabase.ASIDE),
                        BooksGenerations.EXAMPLES);
    }

    @Override
    public void close() throws SQLException {
        try (Connection closed = connection) {
            closed.rollback();
        }
    }
}
