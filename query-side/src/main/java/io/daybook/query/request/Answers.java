package io.daybook.query.request;

import io.daybook.http.Headers;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.query.request.Reading.Seen;
import org.springframework.http.ResponseEntity;

/** Answers about one ledger: each tells how far the ledger had come in what was read. */
public final class Answers {

    private Answers() {}

    public static <T> ResponseEntity<T> of(Seen<T> seen) {
        return ResponseEntity.ok()
                .header(Headers.LEDGER_SEQUENCE, Long.toString(seen.sequence()))
                .body(seen.value());
    }

    /**
     * @param sequence how far the ledger had come where it was looked for
     */
    public static ProblemException notFound(ProblemCode code, String detail, long sequence) {
        return new ProblemException(code, detail).with(Headers.LEDGER_SEQUENCE, Long.toString(sequence));
    }
}
