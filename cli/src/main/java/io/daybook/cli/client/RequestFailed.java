package io.daybook.cli.client;

import io.daybook.cli.terminal.CommandFailed;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request was refused, or no answer came. The message says what was asked, what is the case, and what to do. */
public final class RequestFailed extends CommandFailed {

    /** The status where there was no answer at all. */
    public static final int NO_ANSWER = 0;

    private final int status;
    private final transient JsonNode problem;

    RequestFailed(int status, JsonNode problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status of the refusal, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }

    /** The problem's code, such as {@code ledger-not-found}; empty if the answer was not a problem document. */
    public String code() {
        return problem.path("code").asString("");
    }

    /** The problem document; a missing node if the answer was none. */
    public JsonNode problem() {
        return problem;
    }
}
