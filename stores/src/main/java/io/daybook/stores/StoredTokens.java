package io.daybook.stores;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokens as they are stored in the tables {@code token_entry} of the event store and the books: a class's name, and its JSON. They
 * tell how far a processor has come. This reads them without those classes, whichever version of Daybook has written them.
 */
public final class StoredTokens {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A position in the journal: {@code {"index": 7, "gaps": []}}. */
    private static final String IN_JOURNAL = "org.axonframework.eventhandling.GapAwareTrackingToken";

    /** Of who reads again what it had read; in it is how far it has come with that, if it has begun. */
    private static final String REPLAY = "org.axonframework.eventhandling.ReplayToken";

    /** The last offset of each partition: {@code {"positions": {"daybook.events-3": 7}}}. */
    private static final String IN_TOPIC = "io.daybook.axon.TopicToken";

    /** The same from before there were tokens of our own: an offset 0 may be that of an event that nobody has read. */
    private static final String IN_TOPIC_ONCE =
            "org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken";

    private StoredTokens() {}

    /**
     * How far in the journal a token is; 0 if there is none.
     *
     * @throws IllegalArgumentException if it is not one of the journal
     */
    public static long position(byte @Nullable [] token, @Nullable String type) {
        if (token == null || type == null) {
            return 0;
        }
        JsonNode stored = JSON.readTree(token);
        return switch (type) {
            case IN_JOURNAL -> stored.required("index").asLong();
            case REPLAY -> stored.path("currentToken").path("index").asLong(0);
            default ->
                throw new IllegalArgumentException(
                        "a token of type '" + type
                                + "' is stored where one of the journal should be; was it written by a newer version of Daybook?");
        };
    }

    /** The last offset that a token of the topic of events has of each partition; none if it is of something else. */
    public static Map<Integer, Long> offsets(byte @Nullable [] token, @Nullable String type) {
        Map<Integer, Long> offsets = new HashMap<>();
        boolean isOfOnce = IN_TOPIC_ONCE.equals(type);
        if (token != null && (isOfOnce || IN_TOPIC.equals(type))) {
            JSON.readTree(token)
                    .required("positions")
                    .forEachEntry((partition, offset) -> offsets.put(
                            Integer.valueOf(partition.substring(partition.lastIndexOf('-') + 1)), offset.asLong()));
            if (isOfOnce) {
                offsets.values().removeIf(offset -> offset == 0);
            }
        }
        return offsets;
    }
}
