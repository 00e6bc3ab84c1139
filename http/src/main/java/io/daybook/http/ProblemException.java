package io.daybook.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** Ends a request with a problem document. It carries no stack trace: it tells of the request, not of a fault here. */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;
    private final Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    private ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    /**
     * @param retryAfter when a client may try again, rounded up to seconds
     */
    public ProblemException(Problem problem, Duration retryAfter) {
        this(
                problem,
                Map.of(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds()))));
    }

    public ProblemException(ProblemCode code, String detail) {
        this(Problem.of(code, detail));
    }

    public ProblemException(ProblemCode code, String detail, Map<String, Object> extensions) {
        this(Problem.of(code, detail, extensions));
    }

    /** A store that is needed is away; a client may ask again after a second. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(Problem.of(ProblemCode.UNAVAILABLE, detail), Duration.ofSeconds(1));
    }

    public static ProblemException invalidField(String field, String message) {
        return new ProblemException(Problem.invalidField(field, message));
    }

    /** The same problem with one more header on its answer. */
    public ProblemException with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new ProblemException(problem, Map.copyOf(more));
    }

    public Problem problem() {
        return problem;
    }

    /** Headers that the answer carries beside the document, such as {@code Retry-After}. */
    public Map<String, String> headers() {
        return headers;
    }
}
