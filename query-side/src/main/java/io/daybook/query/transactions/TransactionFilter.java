package io.daybook.query.transactions;

import io.daybook.events.AccountAddress;
import io.daybook.query.request.Parameters;
import java.util.Map;
import java.util.Optional;

/**
 * Which transactions are wanted.
 *
 * @param account that takes part
 * @param span of their effective times
 * @param metadata that they must have
 */
record TransactionFilter(
        Optional<AccountAddress> account,
        Optional<String> reference,
        Parameters.Span span,
        Map<String, String> metadata) {

    private static final int MAX_REFERENCE_LENGTH = 255;

    static TransactionFilter of(Parameters parameters) {
        return new TransactionFilter(
                parameters.account("account"),
                parameters.someText("reference", MAX_REFERENCE_LENGTH),
                parameters.span(),
                parameters.metadata());
    }
}
