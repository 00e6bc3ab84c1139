package io.daybook.http;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking, and under which name the request is found again. A controller method takes it as a parameter.
 *
 * @param requestId the client's {@code X-Request-Id}, or one made here
 * @param actor who asks; a digest of the bearer token, never the token itself, or {@code anonymous}
 * @param asyncId the id under which the outcome can be asked for later, if the caller prefers not to wait for it
 *     ({@code Prefer: respond-async}, RFC 7240); else null
 */
public record Caller(
        String requestId, String actor, @Nullable UUID asyncId) {}
