package io.daybook.command.reply;

import io.daybook.http.Problem;
import io.daybook.http.ProblemException;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * An answer to a command.
 *
 * @param body one of the contract's documents, or a {@link Problem}
 */
public record Reply(int status, Map<String, String> headers, Object body) {

    public static Reply of(Problem problem) {
        return of(problem, Map.of());
    }

    static Reply of(Problem problem, Map<String, String> headers) {
        return new Reply(problem.status(), headers, problem);
    }

    /**
     * The response.
     *
     * @throws ProblemException if it is a refusal
     */
    public ResponseEntity<Object> asResponse() {
        if (body instanceof Problem problem) {
            ProblemException refusal = new ProblemException(problem);
            for (Map.Entry<String, String> header : headers.entrySet()) {
                refusal = refusal.with(header.getKey(), header.getValue());
            }
            throw refusal;
        }
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        headers.forEach((name, value) -> response.header(name, value));
        return response.contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
