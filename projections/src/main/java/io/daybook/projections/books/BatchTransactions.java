package io.daybook.projections.books;

import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The transactions of a batch with their entries, and what it changes of earlier ones. */
final class BatchTransactions {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Key(LedgerId ledger, UUID id) {}

    /**
     * Metadata from an event on.
     *
     * @param json all of it
     */
    private record Change(long sequence, String json) {}

    private static final String NO_METADATA = "{}";

    private final Accounts accounts;
    private final CopyRows transactions = new CopyRows(
            "transaction", "ledger", "sequence", "id", "reference", "effective_at", "metadata", "reverses", "hold");
    private final CopyRows entries = new CopyRows(
            "entry",
            "balance_number",
            "sequence",
            "effective_at",
            "recorded_at",
            "transaction",
            "posting",
            "amount",
            "input",
            "balance");
    private final ArrayRows reversed = new ArrayRows("text", "uuid", "uuid");
    private final Map<Key, Change> metadata = new LinkedHashMap<>();
    private final Map<LedgerId, Long> counts = new HashMap<>();
    private final Map<LedgerId, Long> postings = new HashMap<>();

    /**
     * @param accounts those of a posting are made if they have to be
     */
    BatchTransactions(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * @param sides the balances of the source and the destination of each posting
     */
    void add(PublishedEvent event, Transaction transaction, List<RunningBalance> sides) {
        counts.merge(event.ledger(), 1L, Long::sum);
        postings.merge(event.ledger(), (long) transaction.postings().size(), Long::sum);
        transactions
                .row()
                .text(event.ledger().value())
                .number(event.sequence())
                .uuid(transaction.id())
                .text(transaction.reference())
                .time(transaction.effectiveAt())
                .jsonb(json(transaction.metadata()))
                .uuid(transaction.reverses())
                .uuid(transaction.hold());
        if (transaction.reverses() != null) {
            reversed.add(event.ledger().value(), transaction.reverses(), transaction.id());
        }
        for (int i = 0; i < transaction.postings().size(); i++) {
            Posting posting = transaction.postings().get(i);
            BigInteger amount = posting.amount().toBigInteger();
            RunningBalance source = sides.get(2 * i);
            RunningBalance destination = sides.get(2 * i + 1);
            accounts.touch(event, source);
            accounts.touch(event, destination);
            addEntry(event, transaction, i, amount.negate(), source.out(posting.amount()));
            addEntry(event, transaction, i, amount, destination.in(posting.amount()));
        }
    }

    /** Most have none. */
    private static String json(Map<String, String> metadata) {
        return metadata.isEmpty() ? NO_METADATA : JSON.writeValueAsString(metadata);
    }

    private void addEntry(
            PublishedEvent event, Transaction transaction, int posting, BigInteger amount, Balance after) {
        entries.row()
                .number(after.number())
                .number(event.sequence())
                .time(transaction.effectiveAt())
                .time(event.recorded().recordedAt())
                .uuid(transaction.id())
                .integer(posting)
                .numeric(amount)
                .numeric(after.turnover().input())
                .numeric(after.turnover().balance());
    }

    void changeMetadata(PublishedEvent event, UUID id, Map<String, String> now) {
        metadata.put(new Key(event.ledger(), id), new Change(event.sequence(), JSON.writeValueAsString(now)));
    }

    /** How many of a ledger there are in the batch. */
    long count(LedgerId ledger) {
        return counts.getOrDefault(ledger, 0L);
    }

    /** How many postings those of a ledger have. */
    long postings(LedgerId ledger) {
        return postings.getOrDefault(ledger, 0L);
    }

    /** Writes those that are new. */
    void write(JdbcTemplate books) {
        transactions.write(books);
        entries.write(books);
    }

    /** Writes what changes of earlier ones. */
    void writeChanges(JdbcTemplate books) {
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
