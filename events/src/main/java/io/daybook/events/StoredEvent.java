package io.daybook.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored. What is published of it is neither read nor written anew on the way, and whoever reads it in
 * Kafka has it as it was stored.
 *
 * @param sequence in its ledger's journal, from 1
 * @param type the name and version that it is stored under
 * @param chain the version of the {@linkplain HashChain hash chain} that the hash is of
 * @param hash in hexadecimal
 * @param trace that the client began whose request led to it; null if it began none: then it follows from the request id
 * @param data its JSON, which the hash is over
 */
public record StoredEvent(
        String ledger,
        long sequence,
        UUID id,
        String type,
        Instant recordedAt,
        String requestId,
        String actor,
        int chain,
        String hash,
        @Nullable UUID trace,
        byte[] data) {

    /** One of the first version of the chain, whose client began no trace. */
    public StoredEvent(
            String ledger,
            long sequence,
            UUID id,
            String type,
            Instant recordedAt,
            String requestId,
            String actor,
            String hash,
            byte[] data) {
        this(ledger, sequence, id, type, recordedAt, requestId, actor, HashChain.FIRST_VERSION, hash, null, data);
    }
}
