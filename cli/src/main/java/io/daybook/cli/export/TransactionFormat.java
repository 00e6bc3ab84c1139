package io.daybook.cli.export;

import io.daybook.cli.terminal.CommandFailed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A form that holds what moved money, and nothing else of a ledger's history. */
interface TransactionFormat {

    /** Writes what stands before all transactions. */
    void begin(String ledger) throws IOException;

    void write(RecordedTransaction transaction) throws IOException;

    /**
     * Writes one event of the API, which may be nothing.
     *
     * @throws CommandFailed if the event is of a kind that this version does not know, and which may have moved money
     */
    default void append(JsonNode event) throws IOException {
        @Nullable RecordedTransaction transaction = RecordedTransaction.of(event);
        if (transaction != null) {
            write(transaction);
        }
    }
}
