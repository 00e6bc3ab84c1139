package io.daybook.projections.feed;

import io.daybook.axon.StoredEvent;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.nio.charset.StandardCharsets;

/**
 * An event as it came from Kafka. What it says is read in today's shape; what the hash is over is what was published.
 *
 * @param type the name and version it was published under
 * @param data its canonical JSON as it was published
 */
public record PublishedEvent(RecordedEvent recorded, String type, String data) {

    /** One balance: that of an account in an asset. */
    public record BalanceKey(LedgerId ledger, AccountAddress account, Asset asset) {}

    /**
     * @throws RuntimeException if its data cannot be read as an event of its type
     */
    public static PublishedEvent of(StoredEvent stored) {
        return new PublishedEvent(stored.read(), stored.type(), new String(stored.data(), StandardCharsets.UTF_8));
    }

    public LedgerId ledger() {
        return recorded.ledger();
    }

    public long sequence() {
        return recorded.sequence();
    }

    public LedgerEvent event() {
        return recorded.event();
    }

    /** How much work it makes: the number of its postings, at least 1. */
    int weight() {
        return event() instanceof Transaction transaction
                ? transaction.postings().size()
                : 1;
    }
}
