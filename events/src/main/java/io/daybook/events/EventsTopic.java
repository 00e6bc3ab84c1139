package io.daybook.events;

import java.util.Map;

/**
 * The Kafka topic that carries all events, keyed by ledger. Whoever needs it first declares it, and everyone declares it
 * alike.
 */
public final class EventsTopic {

    /** More ledgers than partitions share them; the events of one ledger are always in one, in order. */
    public static final int PARTITIONS = 12;

    /** Kept forever: every read model can be built again from it. Names and values are Kafka's own. */
    public static final Map<String, String> CONFIGURATION = Map.of(
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "cleanup.policy", "delete",
            "min.insync.replicas", "1");

    private EventsTopic() {}

    /**
     * @param prefix that of the installation's topics, {@code daybook} by default
     */
    public static String name(String prefix) {
        return prefix + ".events";
    }
}
