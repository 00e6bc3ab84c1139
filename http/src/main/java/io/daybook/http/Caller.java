package io.daybook.http;

/**
 * Who is asking, and under which name the request is found again. A controller method takes it as a parameter.
 *
 * @param requestId the client's {@code X-Request-Id}, or one made here
 * @param actor who asks; a digest of the bearer token, never the token itself, or {@code anonymous}
 */
public record Caller(String requestId, String actor) {}
