package io.daybook.bench.transfers;

import java.util.Locale;

/** How transfers come to Daybook. */
public enum Way {

    /** Given to the command bus, many at a time by one thread. */
    IN_PROCESS("", 1),

    /** A request for each transfer, by clients that each wait for the answer before the next. */
    HTTP(" over HTTP", 1),

    /** The same with many transfers in a request. */
    BATCHES(" over HTTP in batches", 500);

    private final String words;
    private final int transfersInRequest;

    Way(String words, int transfersInRequest) {
        this.words = words;
        this.transfersInRequest = transfersInRequest;
    }

    /** For a heading, after what goes this way. */
    public String words() {
        return words;
    }

    public int transfersInRequest() {
        return transfersInRequest;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
