package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 * a new version in {@link EventType}, and a step in the {@link UpcasterChain}.
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
            implements Transaction {
        public TransactionPosted {
            postings = List.copyOf(postings);
            metadata = sorted(metadata);
        }
    }

    /**
     * A transaction was undone by one that moves the same amounts back, in the opposite order. A transaction is reversed
     * at most once.
     *
     * @param id the reversing transaction's own id, unique in its ledger
     * @param reverses the id of the transaction that is undone
     */
    @JsonPropertyOrder({"effectiveAt", "id", "metadata", "postings", "reverses"})
    record TransactionReversed(
            UUID id, UUID reverses, List<Posting> postings, Instant effectiveAt, Map<String, String> metadata)
            implements Transaction {
        public TransactionReversed {
            postings = List.copyOf(postings);
            metadata = sorted(metadata);
        }
    }

    /**
     * Money was set aside: it still belongs to the source, but is no longer available there, until captures have moved
     * it, or the hold is released.
     *
     * @param id the hold's id, unique in its ledger among holds and transactions
     * @param destination where captures go unless they say otherwise, or null if each must say it
     * @param amount more than zero
     * @param expiresAt when what is left is released by itself, or null for never
     */
    @JsonPropertyOrder({"amount", "asset", "destination", "expiresAt", "id", "metadata", "source"})
    record HoldPlaced(
            UUID id,
            AccountAddress source,
            @Nullable AccountAddress destination,
            Asset asset,
            Amount amount,
            @Nullable Instant expiresAt,
            Map<String, String> metadata)
            implements LedgerEvent {
        public HoldPlaced {
            metadata = sorted(metadata);
        }
    }

    /**
     * Held money moved.
     *
     * @param id the transaction's id, unique in its ledger
     * @param hold the hold that it was taken from
     * @param postings one, out of the hold's source
     * @param released what the hold gave back to its source beside it, as this capture was the final one; zero if it gave
     *     nothing back
     * @param closes whether the hold ended with it
     * @param metadata the hold's
     */
    @JsonPropertyOrder({"closes", "effectiveAt", "hold", "id", "metadata", "postings", "released"})
    record HoldCaptured(
            UUID id,
            UUID hold,
            List<Posting> postings,
            Amount released,
            boolean closes,
            Instant effectiveAt,
            Map<String, String> metadata)
            implements Transaction {
        public HoldCaptured {
            postings = List.copyOf(postings);
            metadata = sorted(metadata);
        }

        /** How much less is held after it. */
        public Amount taken() {
            return postings.getFirst().amount().plus(released);
        }
    }

    /**
     * A hold ended without moving what was left of it, which is available at its source again.
     *
     * @param amount what was left
     */
    @JsonPropertyOrder({"amount", "asset", "hold", "reason", "source"})
    record HoldReleased(UUID hold, AccountAddress source, Asset asset, Amount amount, Reason reason)
            implements LedgerEvent {

        /** Why a hold was released. */
        public enum Reason {
            /** Somebody asked for it. */
            @JsonProperty("voided")
            VOIDED,
            /** Its time had come. */
            @JsonProperty("expired")
            EXPIRED
        }
    }

    /**
     * The metadata of one thing as it is from now on, all of it: of an account or a transaction if one is named, else of
     * the ledger.
     */
    @JsonPropertyOrder({"account", "metadata", "transaction"})
    record MetadataChanged(
            @Nullable AccountAddress account, @Nullable UUID transaction, Map<String, String> metadata)
            implements LedgerEvent {

        /**
         * @throws IllegalArgumentException if both an account and a transaction are named
         */
        public MetadataChanged {
            if (account != null && transaction != null) {
                throw new IllegalArgumentException("metadata belongs to one thing");
            }
            metadata = sorted(metadata);
        }
    }

    /** An event by which money moved: a transaction, as every statement shows it. */
    sealed interface Transaction extends LedgerEvent {

        /** The transaction's id, unique in its ledger. */
        UUID id();

        /** The client's own name for it, unique in its ledger, or null. */
        default @Nullable String reference() {
            return null;
        }

        /** At least one, in the order in which they were applied. */
        List<Posting> postings();

        /** Business time. */
        Instant effectiveAt();

        /** As it was when the transaction was recorded. */
        Map<String, String> metadata();

        /** The transaction that this one undoes, or null. */
        default @Nullable UUID reverses() {
            return null;
        }

        /** The hold that the money was taken from, or null. */
        default @Nullable UUID hold() {
            return null;
        }
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(@Nullable Map<K, V> map) {
        return map == null || map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
