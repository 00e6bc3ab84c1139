package io.daybook.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daybook.events.LedgerId;
import java.net.URI;
import org.apache.kafka.common.utils.Utils;

/** How events travel: as CloudEvents, keyed by ledger, in one topic that is kept forever. */
public final class EventsInKafka {

    /**
     * The largest message, in bytes. No event that the API takes is larger: the largest has about 3.3 million, of 1,000
     * postings and 100 entries of metadata full of characters that JSON escapes.
     */
    public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    /** What CloudEvents calls the events' source: Daybook, whichever server wrote them. */
    public static final URI SOURCE = URI.create("/daybook");

    public static final String CONTENT_TYPE = "application/json";

    /** CloudEvents' names of extensions have no capitals. */
    public static final String REQUEST_ID = "requestid";

    public static final String ACTOR = "actor";
    public static final String CHAIN = "chain";
    public static final String HASH = "hash";

    private EventsInKafka() {}

    /**
     * The name of the topic.
     *
     * @param prefix that of the installation's topics, {@code daybook} by default
     */
    public static String topic(String prefix) {
        return prefix + ".events";
    }

    /**
     * The partition that has all events of a ledger: that which Kafka's producers choose by the key.
     *
     * @param partitions how many the topic has
     */
    public static int partition(LedgerId ledger, int partitions) {
        return Utils.toPositive(Utils.murmur2(ledger.value().getBytes(UTF_8))) % partitions;
    }
}
