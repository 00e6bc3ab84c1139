package io.daybook.command.store;

import io.daybook.command.ledger.LedgerState;

/**
 * A ledger as it stood after one of its events.
 *
 * @param sequence of that event
 * @param chain the version of the hash chain that it is hashed under
 * @param hash of that event, in hexadecimal
 */
public record Snapshot(long sequence, int chain, String hash, LedgerState state) {}
