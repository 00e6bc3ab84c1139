package io.daybook.bench.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Expected;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.BooksDatabase;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The books in PostgreSQL, with all that Daybook keeps in them of a transaction. */
final class BooksStore implements Store {

    private static final int CONNECTIONS = 2;

    private final HikariDataSource database;
    private final JdbcTemplate books;
    private final TransactionTemplate transactions;

    BooksStore(Map<String, String> services) {
        database = SubjectDatabase.open(
                services, SubjectDatabase.BOOKS, CONNECTIONS, "?currentSchema=" + BooksDatabase.SEARCH_PATH);
        books = new JdbcTemplate(database);
        transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        new BooksSchemas(database).migrate();
    }

    @Override
    public void write(PublishedEvent event) {
        transactions.executeWithoutResult(status -> {
            writeEvent(event);
            if (event.event() instanceof LedgerOpened) {
                open(event);
            } else if (event.event() instanceof Transaction transaction) {
                post(event, transaction);
            }
        });
    }

    private void writeEvent(PublishedEvent event) {
        Instant effectiveAt = event.event() instanceof Transaction transaction ? transaction.effectiveAt() : null;
        books.update(
                "insert into event (ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data, chain, hash)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)",
                event.ledger().value(),
                event.sequence(),
                event.recorded().id(),
                event.type(),
                Timestamp.from(event.recorded().recordedAt()),
                effectiveAt == null ? null : Timestamp.from(effectiveAt),
                event.recorded().requestId(),
                event.recorded().actor(),
                event.data(),
                event.recorded().chain(),
                event.recorded().hash());
    }

    private void open(PublishedEvent event) {
        books.update(
                "insert into ledger (ledger, metadata, opened_at, sequence, accounts, transactions)"
                        + " values (?, '{}', ?, ?, 1, 0)",
                event.ledger().value(),
                Timestamp.from(event.recorded().recordedAt()),
                event.sequence());
        makeAccount(event, AccountAddress.WORLD, "\"unlimited\"");
    }

    private int makeAccount(PublishedEvent event, AccountAddress account, String overdraft) {
        return books.update(
                "insert into account (ledger, account, overdraft, limits, closed, metadata, first_sequence)"
                        + " values (?, ?, ?::json, '{}', false, '{}', ?) on conflict do nothing",
                event.ledger().value(),
                account.value(),
                overdraft,
                event.sequence());
    }

    private void post(PublishedEvent event, Transaction transaction) {
        books.update(
                "insert into transaction (ledger, sequence, id, effective_at, metadata) values (?, ?, ?, ?, '{}')",
                event.ledger().value(),
                event.sequence(),
                transaction.id(),
                Timestamp.from(transaction.effectiveAt()));
        int made = 0;
        for (int i = 0; i < transaction.postings().size(); i++) {
            Posting posting = transaction.postings().get(i);
            BigDecimal amount = new BigDecimal(posting.amount().toBigInteger());
            made += new Side(event, transaction, i, posting.source(), BigDecimal.ZERO, amount).write();
            made += new Side(event, transaction, i, posting.destination(), amount, BigDecimal.ZERO).write();
        }
        books.update(
                "update ledger set sequence = ?, accounts = accounts + ?, transactions = transactions + 1 where ledger = ?",
                event.sequence(),
                made,
                event.ledger().value());
    }

    /** One side of a posting. */
    private final class Side {

        private final PublishedEvent event;
        private final Transaction transaction;
        private final int posting;
        private final AccountAddress account;
        private final BigDecimal input;
        private final BigDecimal output;
        private final String asset;

        Side(
                PublishedEvent event,
                Transaction transaction,
                int posting,
                AccountAddress account,
                BigDecimal input,
                BigDecimal output) {
            this.event = event;
            this.transaction = transaction;
            this.posting = posting;
            this.account = account;
            this.input = input;
            this.output = output;
            this.asset = transaction.postings().get(posting).asset().name();
        }

        /** Tells how many accounts that made. */
        int write() {
            int made = makeAccount(event, account, "{}");
            Map<String, Object> after = books.queryForMap(
                    """
                    insert into balance (ledger, account, asset, input, output, folded) values (?, ?, ?, ?, ?, ?)
                        on conflict (ledger, account, asset)
                        do update set input = balance.input + excluded.input, output = balance.output + excluded.output,
                                      folded = excluded.folded
                        returning number, input, input - output as balance
                    """, event.ledger().value(), account.value(), asset, input, output, event.sequence());
            books.update(
                    "insert into entry (balance_number, sequence, posting, amount, input, balance, transaction,"
                            + " effective_at, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    after.get("number"),
                    event.sequence(),
                    posting,
                    input.subtract(output),
                    after.get("input"),
                    after.get("balance"),
                    transaction.id(),
                    Timestamp.from(transaction.effectiveAt()),
                    Timestamp.from(event.recorded().recordedAt()));
            addTurnover("hour", "date_trunc('hour', ?::timestamptz, 'UTC')");
            addTurnover("day", "(?::timestamptz at time zone 'UTC')::date");
            return made;
        }

        private void addTurnover(String span, String start) {
            books.update(
                    """
                    insert into turnover_%1$s as t (ledger, account, %1$s, asset, input, output) values (?, ?, %2$s, ?, ?, ?)
                        on conflict (ledger, account, %1$s, asset)
                        do update set input = t.input + excluded.input, output = t.output + excluded.output
                    """.formatted(span, start),
                    event.ledger().value(),
                    account.value(),
                    Timestamp.from(transaction.effectiveAt()),
                    asset,
                    input,
                    output);
        }
    }

    @Override
    public void verify(long events) {
        long posted = events - SampleHistory.LEDGERS;
        require("events", events, "count(*) from event");
        require("transactions", posted, "count(*) from transaction");
        require("transactions of ledgers", posted, "sum(transactions) from ledger");
        require("events of ledgers", events, "sum(sequence) from ledger");
        require("entries", 2 * posted, "count(*) from entry");
        require("units in entries", 0, "sum(amount) from entry");
        require("units that came in", posted, "sum(input) from balance");
        require("units that went out", posted, "sum(output) from balance");
        require("units that came in by hour", posted, withUnfolded("input", "amount", "turnover_hour"));
        require("units that went out by day", posted, withUnfolded("output", "-amount", "turnover_day"));
    }

    /** The sum of a column of turnovers, and of the entries that are not in them yet. */
    private static String withUnfolded(String column, String amount, String turnovers) {
        return """
                coalesce(sum(%s), 0) + (select coalesce(sum(greatest(%s, 0)), 0)
                                          from entry join balance on number = balance_number
                                         where sequence > folded)
                  from %s""".formatted(column, amount, turnovers);
    }

    private void require(String what, long expected, String found) {
        Expected.require(what, expected, books.queryForObject("select " + found, Long.class));
    }

    @Override
    public void close() {
        database.close();
    }
}
