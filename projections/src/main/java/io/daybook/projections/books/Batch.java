package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What a batch of events writes: one statement for each table that it touches, however many events there are. */
final class Batch {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Balances balances;
    private final Holds holds;
    private final Transactions transactions;
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
            "hash");
    private final ArrayRows opened = new ArrayRows("text", "text", "text", "timestamptz");
    private final Map<LedgerId, Long> reached = new LinkedHashMap<>();
    private final Map<LedgerId, Map<String, String>> ledgerMetadata = new LinkedHashMap<>();

    private Batch(Balances balances, Holds holds) {
        this.balances = balances;
        this.holds = holds;
        this.transactions = new Transactions(balances);
    }

    /**
     * @param events that are not in the books yet
     * @param known what need not be read of the books as they are before
     */
    static Batch of(List<PublishedEvent> events, Known known, JdbcTemplate books) {
        Batch batch = new Batch(Balances.before(events, known, books), Holds.before(events, books));
        events.forEach(batch::add);
        return batch;
    }

    private void add(PublishedEvent event) {
        reached.put(event.ledger(), event.sequence());
        addEvent(event);
        switch (event.event()) {
            case LedgerOpened ledger -> open(event, ledger);
            case AccountConfigured account -> accounts.configure(event, account);
            case Transaction transaction -> post(event, transaction);
            case HoldPlaced hold -> place(event, hold);
            case HoldReleased release -> release(event, release);
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

    private void post(PublishedEvent event, Transaction transaction) {
        for (Posting posting : transaction.postings()) {
            touch(event, posting.source(), posting.asset());
            touch(event, posting.destination(), posting.asset());
        }
        transactions.add(event, transaction);
        if (transaction instanceof HoldCaptured capture) {
            Posting moved = capture.postings().getFirst();
            Instant recordedAt = event.recorded().recordedAt();
            holds.capture(event, capture);
            balances.changeHeld(
                    event, moved.source(), moved.asset(), balance -> balance.release(capture.taken(), recordedAt));
        }
    }

    /** An account that has a balance is there. */
    private void touch(PublishedEvent event, AccountAddress account, Asset asset) {
        if (balances.get(new BalanceKey(event.ledger(), account, asset)).isNew()) {
            accounts.touch(event, account);
        }
    }

    private void place(PublishedEvent event, HoldPlaced hold) {
        Instant recordedAt = event.recorded().recordedAt();
        touch(event, hold.source(), hold.asset());
        holds.place(event, hold);
        balances.changeHeld(event, hold.source(), hold.asset(), balance -> balance.hold(hold.amount(), recordedAt));
    }

    private void release(PublishedEvent event, HoldReleased release) {
        Instant recordedAt = event.recorded().recordedAt();
        holds.release(event, release);
        balances.changeHeld(
                event, release.source(), release.asset(), balance -> balance.release(release.amount(), recordedAt));
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

    /** The balances that it touches, as they are after it. */
    Map<BalanceKey, Balance> balances() {
        return balances.all();
    }

    /**
     * @param rebuilding whether what can be told at the end is left out
     * @return the versions that the rows of its ledgers have then
     */
    Map<LedgerId, String> write(JdbcTemplate books, boolean rebuilding) {
        events.write(books);
        transactions.write(books);
        holds.write(books);
        balances.write(books);
        if (rebuilding) {
            transactions.leaveToTheEnd(books);
        } else {
            transactions.writeChanges(books);
            Checkpoints.fold(balances, reached, books);
        }
        Map<LedgerId, Long> made = accounts.write(books);
        opened.update(books, """
                insert into ledger (ledger, region, metadata, opened_at, sequence, accounts, transactions)
                select ledger, region, metadata::jsonb, opened_at, 0, 0, 0
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
        ArrayRows rows = new ArrayRows("text", "bigint", "bigint", "bigint");
        reached.forEach((ledger, sequence) ->
                rows.add(ledger.value(), sequence, accountsMade.getOrDefault(ledger, 0L), transactions.count(ledger)));
        Map<LedgerId, String> versions = new HashMap<>();
        books.query(connection -> rows.bind(connection, """
                        update ledger
                           set sequence = row.sequence, accounts = ledger.accounts + row.accounts,
                               transactions = ledger.transactions + row.transactions
                          from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                               as row (ledger, sequence, accounts, transactions)
                         where ledger.ledger = row.ledger
                        returning ledger.ledger, ledger.xmin::text as version
                        """), row -> {
            versions.put(new LedgerId(row.getString("ledger")), row.getString("version"));
        });
        return versions;
    }
}
