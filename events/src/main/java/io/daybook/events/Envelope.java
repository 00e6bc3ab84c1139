package io.daybook.events;

import java.time.Instant;
import java.util.UUID;

/**
 * What is recorded with an event, whatever it says: its place in the history of its ledger, and where it came from.
 *
 * @param sequence its place in the ledger's journal: 1 for the first event, without gaps
 * @param id unique in the ledger; derived from the idempotency key or the transaction's id where the client gave one
 * @param recordedAt system time, in microseconds
 * @param requestId the request that caused it
 * @param actor who asked
 * @param chain the version of the chain that its hash is of
 * @param hash its link in the ledger's {@linkplain HashChain hash chain}, in lower-case hexadecimal
 */
public record Envelope(
        long sequence, UUID id, Instant recordedAt, String requestId, String actor, int chain, String hash) {}
