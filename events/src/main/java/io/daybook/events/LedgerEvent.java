package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact of a ledger's history. One business fact is one event: a transaction carries all its postings, so it is recorded
 * whole or not at all. Where and when it was recorded, and for whom, is told by the {@link RecordedEvent} around it.
 *
 * <p>The JSON form is canonical as RFC 8785 has it (members in alphabetical order, no white space, no numbers but
 * integers), because the {@linkplain HashChain hash chain} runs over it. An event's shape is never edited; a new shape is
 * a new version in {@link EventType}, and an upcaster.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface LedgerEvent {

    /**
     * The first event of every ledger.
     *
     * @param region where the ledger's writes go, or null for the installation's own
     */
    @JsonPropertyOrder({"metadata", "region"})
    record LedgerOpened(@Nullable String region, Map<String, String> metadata) implements LedgerEvent {
        public LedgerOpened {
            metadata = sorted(metadata);
        }
    }

    /**
     * An account's settings as they are from now on, all of them.
     *
     * @param closed whether nothing may go in or out
     * @param created whether the account was made by this, and not by an earlier posting or configuration
     */
    @JsonPropertyOrder({"account", "closed", "created", "limits", "metadata", "overdraft"})
    record AccountConfigured(
            AccountAddress account,
            Overdraft overdraft,
            Map<Asset, BalanceLimits> limits,
            boolean closed,
            Map<String, String> metadata,
            boolean created)
            implements LedgerEvent {
        public AccountConfigured {
            limits = sorted(limits);
            metadata = sorted(metadata);
        }
    }

    /**
     * Money moved.
     *
     * @param id the transaction's id, unique in its ledger
     * @param reference the client's own name for it, unique in its ledger, or null
     * @param postings at least one, in the order in which they were applied
     * @param effectiveAt business time: when it counts, which may be long before or after it was recorded
     */
    @JsonPropertyOrder({"effectiveAt", "id", "metadata", "postings", "reference"})
    record TransactionPosted(
            UUID id,
            @Nullable String reference,
            List<Posting> postings,
            Instant effectiveAt,
            Map<String, String> metadata)
            implements LedgerEvent {
        public TransactionPosted {
            postings = List.copyOf(postings);
            metadata = sorted(metadata);
        }
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(@Nullable Map<K, V> map) {
        return map == null || map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
