package io.daybook.http;

import io.daybook.events.Traces;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands in what its client traces, as W3C Trace Context has it. A request that says nothing of that, or
 * nothing that can be read, begins a trace of its own, which follows from its request id: whoever knows the one knows the
 * other.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId the part of the trace that this request is: 16 hexadecimal digits
 * @param flags 2 hexadecimal digits, as they were given
 * @param state what other systems on the way have to say ({@code tracestate}), passed on as it is; null if nothing
 * @param given whether the client began the trace
 */
public record TraceContext(
        String traceId,
        String spanId,
        String flags,
        @Nullable String state,
        boolean given) {

    /** The header that tells of a trace. */
    public static final String TRACEPARENT = "traceparent";

    /** The header that goes with {@link #TRACEPARENT}. */
    public static final String TRACESTATE = "tracestate";

    /** The header of an answer by which a client learns of the trace. */
    public static final String TRACERESPONSE = "traceresponse";

    private static final Pattern PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");
    private static final int VERSION_00_LENGTH = 55;

    /** What has to be passed on at least. More is dropped, as it may not be cut. */
    private static final int MAX_STATE_LENGTH = 512;

    /**
     * @param parents the values of {@code traceparent}
     * @param states those of {@code tracestate}
     */
    static TraceContext of(String requestId, List<String> parents, List<String> states) {
        String span = Traces.spanOf(requestId);
        if (parents.size() == 1) {
            String parent = parents.getFirst();
            Matcher matcher = PARENT.matcher(parent);
            if (matcher.matches() && (!parent.startsWith(Traces.VERSION) || parent.length() == VERSION_00_LENGTH)) {
                return new TraceContext(matcher.group(1), span, matcher.group(2), state(states), true);
            }
        }
        return new TraceContext(Traces.digits(Traces.begunBy(requestId)), span, Traces.SAMPLED, null, false);
    }

    private static @Nullable String state(List<String> states) {
        String state = String.join(",", states);
        return state.isBlank() || state.length() > MAX_STATE_LENGTH ? null : state;
    }

    /** The trace if the client began it, or else null: then it follows from the request id. */
    public @Nullable UUID givenTrace() {
        return given ? Traces.ofDigits(traceId) : null;
    }

    /** As a header tells whoever goes on with it, and the client that began it. */
    public String asParent() {
        return Traces.parent(traceId, spanId, flags);
    }
}
