package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The transactions of a batch with their entries, and what it changes of earlier ones. */
final class Transactions {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Key(LedgerId ledger, UUID id) {}

    /**
     * Metadata from an event on.
     *
     * @param json all of it
     */
    private record Change(long sequence, String json) {}

    private final Balances balances;
    private final Checkpoints checkpoints = new Checkpoints();
    private final CopyRows transactions = new CopyRows(
            "transaction", "ledger", "sequence", "id", "reference", "effective_at", "metadata", "reverses", "hold");
    private final CopyRows entries = new CopyRows(
            "entry",
            "ledger",
            "account",
            "sequence",
            "posting",
            "asset",
            "amount",
            "input",
            "balance",
            "transaction",
            "effective_at",
            "recorded_at");
    private final ArrayRows reversed = new ArrayRows("text", "uuid", "uuid");
    private final Map<Key, Change> metadata = new LinkedHashMap<>();
    private final Map<LedgerId, Long> counts = new HashMap<>();

    Transactions(Balances balances) {
        this.balances = balances;
    }

    void add(PublishedEvent event, Transaction transaction) {
        counts.merge(event.ledger(), 1L, Long::sum);
        transactions
                .row()
                .text(event.ledger().value())
                .number(event.sequence())
                .uuid(transaction.id())
                .text(transaction.reference())
                .time(transaction.effectiveAt())
                .jsonb(JSON.writeValueAsString(transaction.metadata()))
                .uuid(transaction.reverses())
                .uuid(transaction.hold());
        if (transaction.reverses() != null) {
            reversed.add(event.ledger().value(), transaction.reverses(), transaction.id());
        }
        Instant effectiveAt = transaction.effectiveAt();
        for (int i = 0; i < transaction.postings().size(); i++) {
            Posting posting = transaction.postings().get(i);
            BalanceKey source = new BalanceKey(event.ledger(), posting.source(), posting.asset());
            BalanceKey destination = new BalanceKey(event.ledger(), posting.destination(), posting.asset());
            BigInteger amount = posting.amount().toBigInteger();
            Turnover sourceAfter = balances.change(source, balance -> balance.out(posting.amount()))
                    .turnover();
            Turnover destinationAfter = balances.change(destination, balance -> balance.in(posting.amount()))
                    .turnover();
            addEntry(event, transaction, i, posting.source(), amount.negate(), sourceAfter);
            addEntry(event, transaction, i, posting.destination(), amount, destinationAfter);
            checkpoints.out(source, effectiveAt, posting);
            checkpoints.in(destination, effectiveAt, posting);
        }
    }

    private void addEntry(
            PublishedEvent event,
            Transaction transaction,
            int index,
            AccountAddress account,
            BigInteger amount,
            Turnover after) {
        entries.row()
                .text(event.ledger().value())
                .text(account.value())
                .number(event.sequence())
                .integer(index)
                .text(transaction.postings().get(index).asset().name())
                .numeric(amount)
                .numeric(after.input())
                .numeric(after.balance())
                .uuid(transaction.id())
                .time(transaction.effectiveAt())
                .time(event.recorded().recordedAt());
    }

    void changeMetadata(PublishedEvent event, UUID id, Map<String, String> now) {
        metadata.put(new Key(event.ledger(), id), new Change(event.sequence(), JSON.writeValueAsString(now)));
    }

    /** How many of a ledger there are in the batch. */
    long count(LedgerId ledger) {
        return counts.getOrDefault(ledger, 0L);
    }

    /** Writes those that are new. */
    void write(JdbcTemplate books) {
        transactions.write(books);
        entries.write(books);
    }

    /** Writes what follows from them, and what changes of earlier ones. */
    void writeChanges(JdbcTemplate books) {
        checkpoints.write(books);
        reversed.update(books, """
                update transaction
                   set reversed_by = row.reversed_by
                  from unnest(?::text[], ?::uuid[], ?::uuid[]) as row (ledger, id, reversed_by)
                 where transaction.ledger = row.ledger and transaction.id = row.id
                """);
        ArrayRows changes = new ArrayRows("text", "uuid", "text");
        metadata.forEach((key, now) -> changes.add(key.ledger().value(), key.id(), now.json()));
        changes.update(books, """
                update transaction
                   set metadata = row.metadata::jsonb
                  from unnest(?::text[], ?::uuid[], ?::text[]) as row (ledger, id, metadata)
                 where transaction.ledger = row.ledger and transaction.id = row.id
                """);
    }

    /** Writes what could not be told from what is written then. */
    void leaveToTheEnd(JdbcTemplate books) {
        CopyRows changes = new CopyRows("rebuild_metadata", "ledger", "id", "sequence", "metadata");
        metadata.forEach((key, now) -> changes.row()
                .text(key.ledger().value())
                .uuid(key.id())
                .number(now.sequence())
                .jsonb(now.json()));
        changes.write(books);
    }
}
