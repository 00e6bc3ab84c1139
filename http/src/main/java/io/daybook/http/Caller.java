package io.daybook.http;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Who is asking, and under which name the request is found again. A controller method takes it as a parameter.
 *
 * @param requestId the client's {@code X-Request-Id}, or one made here
 * @param actor who asks; a digest of the bearer token, never the token itself, or {@code anonymous}
 * @param trace where the request stands in what the client traces
 * @param asyncId the id under which the outcome can be asked for later, if the caller prefers not to wait for it
 *     ({@code Prefer: respond-async}, RFC 7240); else null
 */
public record Caller(
        String requestId,
        String actor,
        TraceContext trace,
        @Nullable UUID asyncId) {

    private static final String ATTRIBUTE = Caller.class.getName();
    private static final String BEARER = "Bearer ";
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int ACTOR_DIGEST_BYTES = 8;

    /** The caller of a request: the same one, whoever asks. */
    public static Caller of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Caller caller) {
            return caller;
        }
        String requestId = requestId(request.getHeader(Headers.REQUEST_ID));
        Caller caller = new Caller(
                requestId,
                actor(request.getHeader(HttpHeaders.AUTHORIZATION)),
                TraceContext.of(
                        requestId,
                        headers(request, TraceContext.TRACEPARENT),
                        headers(request, TraceContext.TRACESTATE)),
                prefersAsync(request) ? UuidCreator.getTimeOrderedEpochFast() : null);
        request.setAttribute(ATTRIBUTE, caller);
        return caller;
    }

    /** The same caller, who waits for the outcome. */
    public Caller waiting() {
        return new Caller(requestId, actor, trace, null);
    }

    /** The client's id if it is short and printable, so that it can neither fill nor forge a log. */
    private static String requestId(@Nullable String given) {
        boolean usable = given != null
                && !given.isEmpty()
                && given.length() <= MAX_REQUEST_ID_LENGTH
                && given.chars().allMatch(c -> c > ' ' && c < 127);
        return usable ? given : UuidCreator.getTimeOrderedEpochFast().toString();
    }

    /** Whether a {@code Prefer} header has {@code respond-async} among its preferences, which commas separate. */
    private static boolean prefersAsync(HttpServletRequest request) {
        return headers(request, Headers.PREFER).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .anyMatch(
                        preference -> preference.strip().split("[;\\s]", 2)[0].equalsIgnoreCase(Headers.RESPOND_ASYNC));
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    private static String actor(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return "anonymous";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
            return "token:" + HexFormat.of().formatHex(digest, 0, ACTOR_DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
