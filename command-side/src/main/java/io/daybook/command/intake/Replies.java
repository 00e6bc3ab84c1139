package io.daybook.command.intake;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.ledger.Rejection;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** What every answer to a command has. */
public final class Replies {

    private Replies() {}

    /** The outcome of a command that leads to one. */
    public static Outcome onlyOutcome(LedgerAnswer answer) {
        if (answer.outcomes().size() != 1) {
            throw new IllegalStateException(
                    "one outcome expected, not " + answer.outcomes().size());
        }
        return answer.outcomes().getFirst();
    }

    public static ResponseEntity.BodyBuilder success(HttpStatus status, LedgerAnswer answer, boolean repeated) {
        ResponseEntity.BodyBuilder reply =
                ResponseEntity.status(status).header(Headers.LEDGER_SEQUENCE, Long.toString(answer.sequence()));
        return repeated ? reply.header(Headers.IDEMPOTENT_REPLAYED, "true") : reply;
    }

    public static ProblemException refusal(Rejection rejection, LedgerAnswer answer) {
        ProblemException refusal = new ProblemException(Problems.of(rejection));
        return answer.sequence() == 0
                ? refusal
                : refusal.with(Headers.LEDGER_SEQUENCE, Long.toString(answer.sequence()));
    }
}
