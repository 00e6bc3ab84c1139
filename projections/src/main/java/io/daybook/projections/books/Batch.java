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
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import java.time.Instant;
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
    private final ArrayRows events = new ArrayRows(
            "text", "bigint", "uuid", "text", "timestamptz", "timestamptz", "text", "text", "text", "text");
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
     * @param books as they are before
     */
    static Batch of(List<PublishedEvent> events, JdbcTemplate books) {
        Batch batch = new Batch(Balances.before(events, books), Holds.before(events, books));
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
        events.add(
                event.ledger().value(),
                event.sequence(),
                event.recorded().id(),
                event.type(),
                event.recorded().recordedAt().toString(),
                effectiveAt == null ? null : effectiveAt.toString(),
                event.recorded().requestId(),
                event.recorded().actor(),
                event.data(),
                event.recorded().hash());
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
            accounts.touch(event, posting.source());
            accounts.touch(event, posting.destination());
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

    private void place(PublishedEvent event, HoldPlaced hold) {
        Instant recordedAt = event.recorded().recordedAt();
        accounts.touch(event, hold.source());
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
            transactions.changeMetadata(event.ledger(), transaction, changed.metadata());
        } else {
            ledgerMetadata.put(event.ledger(), changed.metadata());
        }
    }

    void write(JdbcTemplate books) {
        events.update(books, """
                insert into event (ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data, hash)
                select ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data::json, hash
                  from unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                              ?::text[], ?::text[], ?::text[], ?::text[])
                       as row (ledger, sequence, id, type, recorded_at, effective_at, request_id, actor, data, hash)
                """);
        transactions.write(books);
        holds.write(books);
        balances.write(books);
        Map<LedgerId, Long> made = accounts.write(books);
        opened.update(books, """
                insert into ledger (ledger, region, metadata, opened_at, sequence, accounts, transactions)
                select ledger, region, metadata::jsonb, opened_at, 0, 0, 0
                  from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])
                       as row (ledger, region, metadata, opened_at)
                """);
        writeLedgers(books, made);
    }

    private void writeLedgers(JdbcTemplate books, Map<LedgerId, Long> accountsMade) {
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
        rows.update(books, """
                update ledger
                   set sequence = row.sequence, accounts = ledger.accounts + row.accounts,
                       transactions = ledger.transactions + row.transactions
                  from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                       as row (ledger, sequence, accounts, transactions)
                 where ledger.ledger = row.ledger
                """);
    }
}
