package io.daybook.http;

/** Every kind of refusal a client can meet, with its HTTP status. The code is the contract; titles are for people. */
public enum ProblemCode {
    MALFORMED_REQUEST(400, "The request cannot be read"),
    INVALID_FIELD(400, "A field is not valid"),
    UNAUTHENTICATED(401, "Who is asking is not known"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "No such resource"),
    LEDGER_NOT_FOUND(404, "The ledger does not exist"),
    ACCOUNT_NOT_FOUND(404, "The account does not exist"),
    TRANSACTION_NOT_FOUND(404, "The transaction does not exist"),
    HOLD_NOT_FOUND(404, "The hold does not exist"),
    COMMAND_NOT_FOUND(404, "The command is not known"),
    REPLAY_NOT_FOUND(404, "The replay is not known"),
    REPUBLICATION_NOT_FOUND(404, "The republication is not known"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No acceptable representation"),
    LEDGER_EXISTS(409, "The ledger is already open"),
    DUPLICATE_ID(409, "The id is taken"),
    DUPLICATE_REFERENCE(409, "The reference is taken"),
    ALREADY_REVERSED(409, "The transaction was reversed before"),
    HOLD_NOT_OPEN(409, "The hold has ended"),
    IMPORT_IN_PROGRESS(409, "The ledger's history is being imported"),
    OPERATION_IN_PROGRESS(409, "Something else is under way"),
    ACTION_NOT_POSSIBLE(409, "That cannot be asked of it now"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
    INSUFFICIENT_FUNDS(422, "Insufficient funds"),
    ACCOUNT_CLOSED(422, "The account is closed"),
    BALANCE_LIMIT(422, "A balance limit would be passed"),
    AMOUNT_OUT_OF_RANGE(422, "An amount is out of range"),
    CAPTURE_EXCEEDS_HOLD(422, "More would be captured than is held"),
    BROKEN_CHAIN(422, "The history does not continue what is there"),
    NOT_APPLIED(424, "Another transaction of the atomic batch was refused"),
    RATE_LIMITED(429, "Too many requests from one caller"),
    OVERLOADED(429, "Too many requests are waiting"),
    INTERNAL_ERROR(500, "Something went wrong on our side"),
    PROJECTION_BEHIND(503, "What was asked for is not visible yet"),
    UNAVAILABLE(503, "Temporarily unavailable");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The code in the document: {@code insufficient-funds} of {@link #INSUFFICIENT_FUNDS}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /**
     * What a refusal is of which nothing but its status is known.
     *
     * @param status 400 or above
     */
    public static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> UNAVAILABLE;
            default -> status >= 500 ? INTERNAL_ERROR : MALFORMED_REQUEST;
        };
    }
}
