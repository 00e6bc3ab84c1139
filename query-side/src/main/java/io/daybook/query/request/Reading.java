package io.daybook.query.request;

import org.jspecify.annotations.Nullable;

/** What came of one look into a store. */
public sealed interface Reading<T> {

    /**
     * It had come far enough.
     *
     * @param sequence how far the ledger had come in what was read, at the moment it was read
     */
    record Seen<T>(long sequence, T value) implements Reading<T> {}

    /**
     * It had not.
     *
     * @param sequence how far it had come, or null if the ledger was not there
     * @param progress of the store that was looked into
     */
    record Behind<T>(@Nullable Long sequence, LedgerProgress progress) implements Reading<T> {}
}
