package io.daybook.projections.projection;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.StoredEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.messages.UnreadableMessage;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.jspecify.annotations.Nullable;

/**
 * An event as it came from Kafka. What it says is read in today's shape; what the hash is over is what was published.
 *
 * @param type the name and version it was published under
 * @param data its canonical JSON as it was published
 * @param trace that the client began whose request led to it, or null
 * @param read what it says, or null if that cannot be read
 * @param fault why it cannot be read, or null if it can
 */
public record PublishedEvent(
        LedgerId ledger,
        long sequence,
        String type,
        String data,
        @Nullable UUID trace,
        @Nullable RecordedEvent read,
        @Nullable String fault) {

    /** One balance: that of an account in an asset. */
    public record BalanceKey(LedgerId ledger, AccountAddress account, Asset asset) {

        /** 2³² over the golden ratio, as in Knuth's multiplicative hashing (The Art of Computer Programming, 6.4). */
        private static final int MIXING = 0x9E3779B9;

        /** With the usual 31, sixteen ledgers and a thousand accounts, whose names are counted, have 3,400 for 16,000. */
        @Override
        public int hashCode() {
            return (ledger.hashCode() * MIXING + account.hashCode()) * MIXING + asset.hashCode();
        }
    }

    public PublishedEvent(RecordedEvent recorded, String type, String data) {
        this(recorded, type, data, null);
    }

    private PublishedEvent(RecordedEvent recorded, String type, String data, @Nullable UUID trace) {
        this(recorded.ledger(), recorded.sequence(), type, data, trace, recorded, null);
    }

    public static PublishedEvent of(StoredEvent stored) {
        String data = new String(stored.data(), StandardCharsets.UTF_8);
        try {
            return new PublishedEvent(LedgerEventJson.read(stored), stored.type(), data, stored.trace());
        } catch (RuntimeException e) {
            return new PublishedEvent(
                    new LedgerId(stored.ledger()),
                    stored.sequence(),
                    stored.type(),
                    data,
                    stored.trace(),
                    null,
                    Reasons.of(e));
        }
    }

    private static PublishedEvent of(LedgerId ledger, UnreadableMessage message) {
        return new PublishedEvent(ledger, message.sequence(), "", "", null, null, message.fault());
    }

    /**
     * Reads the event of a message; the payload is a published event then, or, of a message that is of no ledger, still an
     * {@link UnreadableMessage}. It is done where messages are fetched, beside whoever posts those before.
     */
    public static EventMessage<?> in(EventMessage<?> message) {
        Object read =
                switch (message.getPayload()) {
                    case StoredEvent stored -> of(stored);
                    case UnreadableMessage unreadable
                    when unreadable.ledger() != null -> of(unreadable.ledger(), unreadable);
                    case UnreadableMessage unreadable -> unreadable;
                    default -> throw new IllegalArgumentException("not what is published: " + message.getPayloadType());
                };
        return new GenericEventMessage<>(
                new GenericMessage<>(message.getIdentifier(), read, message.getMetaData()), message::getTimestamp);
    }

    /**
     * What it says.
     *
     * @throws NullPointerException if it cannot be read; projections are not given such an event as a new one
     */
    public RecordedEvent recorded() {
        return Objects.requireNonNull(read, fault);
    }

    public LedgerEvent event() {
        return recorded().event();
    }

    /** How much work it makes: the number of its postings, at least 1. */
    public int weight() {
        return read != null && read.event() instanceof Transaction transaction
                ? transaction.postings().size()
                : 1;
    }
}
