package io.daybook.events;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The traces that requests are part of, as W3C Trace Context has them: the id of one has 128 bits, as a UUID has. A request
 * whose client began none begins one of its own, which follows from its request id: whoever knows the one knows the other.
 */
public final class Traces {

    private static final int SPAN_DIGITS = 16;

    private Traces() {}

    /** The trace that a request begins: its id itself where it is a UUID, as those that are made here are. */
    public static UUID begunBy(String requestId) {
        try {
            UUID id = UUID.fromString(requestId);
            if (id.getMostSignificantBits() != 0 && id.getLeastSignificantBits() != 0) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // It is of another form.
        }
        return UUID.nameUUIDFromBytes(requestId.getBytes(StandardCharsets.UTF_8));
    }

    /** A trace's id as it is told: 32 hexadecimal digits. */
    public static String digits(UUID trace) {
        return trace.toString().replace("-", "");
    }

    /** The part of its trace that a request is, whoever began that: 16 hexadecimal digits. */
    public static String spanOf(String requestId) {
        return digits(begunBy(requestId)).substring(SPAN_DIGITS);
    }
}
