package io.daybook.query.transactions;

import io.daybook.events.AccountAddress;
import io.daybook.query.request.Parameters;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which transactions are wanted.
 *
 * @param account that takes part
 * @param from the first effective time
 * @param to the first effective time behind
 * @param metadata that they must have
 */
record TransactionFilter(
        Optional<AccountAddress> account,
        Optional<String> reference,
        Optional<Instant> from,
        Optional<Instant> to,
        Map<String, String> metadata) {

    private static final int MAX_REFERENCE_LENGTH = 255;

    static TransactionFilter of(Parameters parameters) {
        return new TransactionFilter(
                parameters.account("account"),
                parameters.text("reference", MAX_REFERENCE_LENGTH),
                parameters.time("from"),
                parameters.time("to"),
                parameters.metadata());
    }
}
