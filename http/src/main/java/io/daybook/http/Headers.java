package io.daybook.http;

/** The names of the headers that are Daybook's own or that it gives a meaning to. */
public final class Headers {

    /** On an answer: how far the ledger had come. */
    public static final String LEDGER_SEQUENCE = "Ledger-Sequence";

    /** On a query: wait until what is read has come this far. */
    public static final String MIN_LEDGER_SEQUENCE = "Min-Ledger-Sequence";

    /** On a command: the same key and body have their effect once. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** On an answer: this is the answer to an earlier request with the same key or id. */
    public static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

    /** On a request: how it would best be handled (RFC 7240). */
    public static final String PREFER = "Prefer";

    /** On an answer: which preference was followed. */
    public static final String PREFERENCE_APPLIED = "Preference-Applied";

    /** The preference of a client that does not wait for what comes of its command. */
    public static final String RESPOND_ASYNC = "respond-async";

    /** On a request and its answer: the name under which the request is found in events, logs and audit. */
    public static final String REQUEST_ID = "X-Request-Id";

    private Headers() {}
}
