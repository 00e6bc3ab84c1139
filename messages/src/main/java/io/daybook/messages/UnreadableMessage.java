package io.daybook.messages;

import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message in the events' topic that is not an event of a ledger as a whole. Who reads it must not pass over it without a
 * word.
 *
 * @param ledger whose it is, or null if not even that, with the sequence, can be read
 * @param sequence in that ledger's journal; 0 if there is none
 * @param fault what is wrong with it, and where it is
 */
public record UnreadableMessage(@Nullable LedgerId ledger, long sequence, String fault) {

    public static UnreadableMessage of(ConsumerRecord<String, byte[]> message, String fault) {
        try {
            return new UnreadableMessage(
                    EventMessages.ledgerOf(message.headers()), EventMessages.sequenceOf(message.headers()), fault);
        } catch (RuntimeException e) {
            return new UnreadableMessage(null, RecordedEvent.FIRST_SEQUENCE - 1, fault);
        }
    }
}
