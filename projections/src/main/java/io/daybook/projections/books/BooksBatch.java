package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What a batch of events writes: one statement for each table that it touches, however many events there are. */
final class BooksBatch {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BatchBalances balances;
    private final BatchHolds holds;
    private final BatchTransactions transactions;
    private final Accounts accounts = new Accounts();
    private final CopyRows events = new CopyRows(
            "event",
            "ledger",
            "sequence",
            "id",
            "type",
            "recorded_at",
            "effective_at",
            "request_id",
            "actor",
            "data",
            "chain",
            "hash");
    private final ArrayRows opened = new ArrayRows("text", "text", "text", "timestamptz");
    private final Map<LedgerId, Long> reached = new LinkedHashMap<>();
    private final Map<LedgerId, Map<String, String>> ledgerMetadata = new LinkedHashMap<>();

    private BooksBatch(BatchBalances balances, BatchHolds holds) {
        this.balances = balances;
        this.holds = holds;
        this.transactions = new BatchTransactions(accounts);
    }

    /**
     * @param events that are not in the books yet
     * @param balances those that the events touch
     */
    static BooksBatch of(List<PublishedEvent> events, BatchBalances balances, JdbcTemplate books) {
        BooksBatch batch = new BooksBatch(balances, BatchHolds.before(events, books));
        for (int i = 0; i < events.size(); i++) {
            batch.add(events.get(i), balances.of(i));
        }
        return batch;
    }

    private void add(PublishedEvent event, List<RunningBalance> touched) {
        reached.put(event.ledger(), event.sequence());
        addEvent(event);
        switch (event.event()) {
            case LedgerOpened ledger -> open(event, ledger);
            case AccountConfigured account -> accounts.configure(event, account);
            case Transaction transaction -> post(event, transaction, touched);
            case HoldPlaced hold -> place(event, hold, touched.getFirst());
            case HoldReleased release -> release(event, release, touched.getFirst());
            case MetadataChanged changed -> changeMetadata(event, changed);
        }
    }

    private void addEvent(PublishedEvent event) {
        Instant effectiveAt = event.event() instanceof Transaction transaction ? transaction.effectiveAt() : null;
        events.row()
                .text(event.ledger().value())
                .number(event.sequence())
                .uuid(event.recorded().id())
                .text(event.type())
                .time(event.recorded().recordedAt())
                .time(effectiveAt)
                .text(event.recorded().requestId())
                .text(event.recorded().actor())
                .text(event.data())
                .integer(event.recorded().chain())
                .text(event.recorded().hash());
    }

    private void open(PublishedEvent event, LedgerOpened ledger) {
        opened.add(
                event.ledger().value(),
                ledger.region(),
                JSON.writeValueAsString(ledger.metadata()),
                event.recorded().recordedAt().toString());
        accounts.touch(event, AccountAddress.WORLD);
    }

    private void post(PublishedEvent event, Transaction transaction, List<RunningBalance> sides) {
        transactions.add(event, transaction, sides);
        if (transaction instanceof HoldCaptured capture) {
            RunningBalance source = sides.getFirst();
            holds.capture(event, capture);
            source.release(capture.taken(), event.recorded().recordedAt());
            balances.addHeld(event, source);
        }
    }

    private void place(PublishedEvent event, HoldPlaced hold, RunningBalance source) {
        accounts.touch(event, source);
        holds.place(event, hold);
        source.hold(hold.amount(), event.recorded().recordedAt());
        balances.addHeld(event, source);
    }

    private void release(PublishedEvent event, HoldReleased release, RunningBalance source) {
        holds.release(event, release);
        source.release(release.amount(), event.recorded().recordedAt());
        balances.addHeld(event, source);
    }

    private void changeMetadata(PublishedEvent event, MetadataChanged changed) {
        AccountAddress account = changed.account();
        UUID transaction = changed.transaction();
        if (account != null) {
            accounts.changeMetadata(event, account, changed.metadata());
        } else if (transaction != null) {
            transactions.changeMetadata(event, transaction, changed.metadata());
        } else {
            ledgerMetadata.put(event.ledger(), changed.metadata());
        }
    }

    /**
     * @param rebuilding whether what can be told at the end is left out
     * @return the versions that the rows of its ledgers have then
     */
    Map<LedgerId, String> write(JdbcTemplate books, boolean rebuilding) {
        events.write(books);
        transactions.write(books);
        holds.write(books);
        balances.writeHeld(books);
        if (rebuilding) {
            // An entry's number says nothing without its balance.
            BatchBalances.write(balances.made(), books);
            transactions.leaveToTheEnd(books);
        } else {
            BatchBalances.write(balances.all(), books);
            transactions.writeChanges(books);
            Checkpoints.fold(balances, reached, books);
        }
        Map<LedgerId, Long> made = accounts.write(books);
        opened.update(books, """
                insert into ledger (ledger, region, metadata, opened_at, sequence, accounts, transactions, postings)
                select ledger, region, metadata::jsonb, opened_at, 0, 0, 0, 0
                  from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])
                       as row (ledger, region, metadata, opened_at)
                """);
        return writeLedgers(books, made);
    }

    private Map<LedgerId, String> writeLedgers(JdbcTemplate books, Map<LedgerId, Long> accountsMade) {
        ArrayRows changes = new ArrayRows("text", "text");
        ledgerMetadata.forEach((ledger, now) -> changes.add(ledger.value(), JSON.writeValueAsString(now)));
        changes.update(books, """
                update ledger
                   set metadata = row.metadata::jsonb
                  from unnest(?::text[], ?::text[]) as row (ledger, metadata)
                 where ledger.ledger = row.ledger
                """);
        ArrayRows rows = new ArrayRows("text", "bigint", "bigint", "bigint", "bigint");
        reached.forEach((ledger, sequence) -> rows.add(
                ledger.value(),
                sequence,
                accountsMade.getOrDefault(ledger, 0L),
                transactions.count(ledger),
                transactions.postings(ledger)));
        Map<LedgerId, String> versions = new HashMap<>();
        books.query(connection -> rows.bind(connection, """
                        update ledger
                           set sequence = row.sequence, accounts = ledger.accounts + row.accounts,
                               transactions = ledger.transactions + row.transactions,
                               postings = ledger.postings + row.postings
                          from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                               as row (ledger, sequence, accounts, transactions, postings)
                         where ledger.ledger = row.ledger
                        returning ledger.ledger, ledger.xmin::text as version
                        """), row -> {
            versions.put(new LedgerId(row.getString("ledger")), row.getString("version"));
        });
        return versions;
    }
}
