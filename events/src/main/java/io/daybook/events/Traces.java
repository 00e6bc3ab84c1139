package io.daybook.events;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The traces that requests are part of, as W3C Trace Context has them: the id of one has 128 bits, as a UUID has. A request
 * whose client began none begins one of its own, which follows from its request id: whoever knows the one knows the other.
 */
public final class Traces {

    /** The version of the header that is written. */
    public static final String VERSION = "00";

    /** The flags of a trace that is recorded. */
    public static final String SAMPLED = "01";

    /** Of a trace's id, and all of a span's. */
    private static final int HALF_DIGITS = 16;

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

    /**
     * The trace with an id as it is told.
     *
     * @throws IllegalArgumentException if it is not 32 hexadecimal digits
     */
    public static UUID ofDigits(String id) {
        if (id.length() != 2 * HALF_DIGITS) {
            throw new IllegalArgumentException("the id of a trace has 32 hexadecimal digits: " + id);
        }
        return new UUID(
                Long.parseUnsignedLong(id, 0, HALF_DIGITS, 16),
                Long.parseUnsignedLong(id, HALF_DIGITS, 2 * HALF_DIGITS, 16));
    }

    /**
     * As {@code traceparent} tells whoever goes on with a trace.
     *
     * @param trace its id, in 32 hexadecimal digits
     * @param span the part of it that is gone on from, in 16
     */
    public static String parent(String trace, String span, String flags) {
        return VERSION + "-" + trace + "-" + span + "-" + flags;
    }

    /** A trace's id as it is told: 32 hexadecimal digits. */
    public static String digits(UUID trace) {
        return trace.toString().replace("-", "");
    }

    /** The part of its trace that a request is, whoever began that: 16 hexadecimal digits. */
    public static String spanOf(String requestId) {
        return digits(begunBy(requestId)).substring(HALF_DIGITS);
    }
}
