package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import java.math.BigDecimal;
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

    private final Balances balances;
    private final Checkpoints checkpoints = new Checkpoints();
    private final ArrayRows transactions =
            new ArrayRows("text", "bigint", "uuid", "text", "timestamptz", "text", "uuid", "uuid");
    private final ArrayRows entries = new ArrayRows(
            "text",
            "text",
            "bigint",
            "int",
            "text",
            "numeric",
            "numeric",
            "numeric",
            "uuid",
            "timestamptz",
            "timestamptz");
    private final ArrayRows reversed = new ArrayRows("text", "uuid", "uuid");
    private final Map<Key, Map<String, String>> metadata = new LinkedHashMap<>();
    private final Map<LedgerId, Long> counts = new HashMap<>();

    Transactions(Balances balances) {
        this.balances = balances;
    }

    void add(PublishedEvent event, Transaction transaction) {
        counts.merge(event.ledger(), 1L, Long::sum);
        transactions.add(
                event.ledger().value(),
                event.sequence(),
                transaction.id(),
                transaction.reference(),
                transaction.effectiveAt().toString(),
                JSON.writeValueAsString(transaction.metadata()),
                transaction.reverses(),
                transaction.hold());
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
        entries.add(
                event.ledger().value(),
                account.value(),
                event.sequence(),
                index,
                transaction.postings().get(index).asset().name(),
                new BigDecimal(amount),
                new BigDecimal(after.input()),
                new BigDecimal(after.balance()),
                transaction.id(),
                transaction.effectiveAt().toString(),
                event.recorded().recordedAt().toString());
    }

    void changeMetadata(LedgerId ledger, UUID id, Map<String, String> now) {
        metadata.put(new Key(ledger, id), now);
    }

    /** How many of a ledger there are in the batch. */
    long count(LedgerId ledger) {
        return counts.getOrDefault(ledger, 0L);
    }

    void write(JdbcTemplate books) {
        transactions.update(books, """
                insert into transaction (ledger, sequence, id, reference, effective_at, metadata, reverses, hold)
                select ledger, sequence, id, reference, effective_at, metadata::jsonb, reverses, hold
                  from unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::uuid[],
                              ?::uuid[])
                       as row (ledger, sequence, id, reference, effective_at, metadata, reverses, hold)
                """);
        entries.update(books, """
                insert into entry (ledger, account, sequence, posting, asset, amount, input, balance, transaction,
                                   effective_at, recorded_at)
                select *
                  from unnest(?::text[], ?::text[], ?::bigint[], ?::int[], ?::text[], ?::numeric[], ?::numeric[],
                              ?::numeric[], ?::uuid[], ?::timestamptz[], ?::timestamptz[])
                """);
        checkpoints.write(books);
        reversed.update(books, """
                update transaction
                   set reversed_by = row.reversed_by
                  from unnest(?::text[], ?::uuid[], ?::uuid[]) as row (ledger, id, reversed_by)
                 where transaction.ledger = row.ledger and transaction.id = row.id
                """);
        ArrayRows changes = new ArrayRows("text", "uuid", "text");
        metadata.forEach((key, now) -> changes.add(key.ledger().value(), key.id(), JSON.writeValueAsString(now)));
        changes.update(books, """
                update transaction
                   set metadata = row.metadata::jsonb
                  from unnest(?::text[], ?::uuid[], ?::text[]) as row (ledger, id, metadata)
                 where transaction.ledger = row.ledger and transaction.id = row.id
                """);
    }
}
