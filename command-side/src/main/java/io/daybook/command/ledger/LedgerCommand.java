package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a ledger can be asked to do. */
public sealed interface LedgerCommand {

    LedgerId ledger();

    /** A command that leads to one event at most. */
    sealed interface Single extends LedgerCommand {
        Identity identity();

        /** The same command under another identity. */
        Single with(Identity other);
    }

    /**
     * Opens a ledger.
     *
     * @param region where its writes shall go, or null for the installation's own
     * @param metadata null for none; of a ledger that is open, for whatever it has
     */
    record OpenLedger(
            LedgerId ledger,
            Identity identity,
            @Nullable String region,
            @Nullable Map<String, String> metadata) implements Single {

        @Override
        public OpenLedger with(Identity other) {
            return new OpenLedger(ledger, other, region, metadata);
        }
    }

    /**
     * Sets what is given of an account's settings; what is null stays as it is. An account that no posting has made yet
     * is made by it.
     */
    record ConfigureAccount(
            LedgerId ledger,
            Identity identity,
            AccountAddress account,
            @Nullable Overdraft overdraft,
            @Nullable Map<Asset, BalanceLimits> limits,
            @Nullable Boolean closed,
            @Nullable Map<String, String> metadata)
            implements Single {

        /** The most assets that an account's overdraft, or its limits, can name. */
        public static final int MAX_ASSETS = 1_000;

        @Override
        public ConfigureAccount with(Identity other) {
            return new ConfigureAccount(ledger, other, account, overdraft, limits, closed, metadata);
        }
    }

    /**
     * Changes metadata of an account or a transaction if one is named, else of the ledger.
     *
     * @param changes values to set; null for one to remove
     */
    record ChangeMetadata(
            LedgerId ledger,
            Identity identity,
            @Nullable AccountAddress account,
            @Nullable UUID transaction,
            Map<String, @Nullable String> changes)
            implements Single {

        /** The most entries that the metadata of one thing can have. */
        public static final int MAX_ENTRIES = 100;

        @Override
        public ChangeMetadata with(Identity other) {
            return new ChangeMetadata(ledger, other, account, transaction, changes);
        }
    }

    /**
     * Undoes a transaction by one that moves the same amounts back.
     *
     * @param transaction the one to be undone
     * @param id the reversing one's: the client's choice, or one made for it
     * @param effectiveAt null for the time at which it is recorded
     */
    record ReverseTransaction(
            LedgerId ledger,
            Identity identity,
            UUID transaction,
            UUID id,
            @Nullable Instant effectiveAt,
            Map<String, String> metadata)
            implements Single {

        @Override
        public ReverseTransaction with(Identity other) {
            return new ReverseTransaction(ledger, other, transaction, id, effectiveAt, metadata);
        }

        /** Whether {@code reversed} is what this asks for, so that a repeat of it is harmless. */
        boolean describes(TransactionReversed reversed) {
            return transaction.equals(reversed.reverses())
                    && (effectiveAt == null || effectiveAt.equals(reversed.effectiveAt()))
                    && metadata.equals(reversed.metadata());
        }
    }

    /**
     * Sets money aside.
     *
     * @param id the client's choice, or one made for it
     * @param destination where captures go unless they say otherwise, or null if each must say it
     * @param amount more than zero
     * @param expiresAt when what is left is released by itself, or null for never
     */
    record PlaceHold(
            LedgerId ledger,
            Identity identity,
            UUID id,
            AccountAddress source,
            @Nullable AccountAddress destination,
            Asset asset,
            Amount amount,
            @Nullable Instant expiresAt,
            Map<String, String> metadata)
            implements Single {

        @Override
        public PlaceHold with(Identity other) {
            return new PlaceHold(ledger, other, id, source, destination, asset, amount, expiresAt, metadata);
        }

        /** Whether {@code placed} is what this asks for, so that a repeat of it is harmless. */
        boolean describes(HoldPlaced placed) {
            return source.equals(placed.source())
                    && Objects.equals(destination, placed.destination())
                    && asset.equals(placed.asset())
                    && amount.equals(placed.amount())
                    && Objects.equals(expiresAt, placed.expiresAt())
                    && metadata.equals(placed.metadata());
        }
    }

    /**
     * Moves held money. The transaction's id is that of the event.
     *
     * @param amount how much; null for all that remains
     * @param destination null for the hold's own
     * @param closing whether what then remains is released
     */
    record CaptureHold(
            LedgerId ledger,
            Identity identity,
            UUID hold,
            @Nullable Amount amount,
            @Nullable AccountAddress destination,
            boolean closing)
            implements Single {

        @Override
        public CaptureHold with(Identity other) {
            return new CaptureHold(ledger, other, hold, amount, destination, closing);
        }
    }

    /** Releases all that remains of a hold. */
    record VoidHold(LedgerId ledger, Identity identity, UUID hold) implements Single {

        @Override
        public VoidHold with(Identity other) {
            return new VoidHold(ledger, other, hold);
        }
    }

    /** Releases all that remains of a hold whose time has come. */
    record ExpireHold(LedgerId ledger, Identity identity, UUID hold) implements Single {

        @Override
        public ExpireHold with(Identity other) {
            return new ExpireHold(ledger, other, hold);
        }
    }

    /**
     * Posts transactions, one after the other, so that later ones see earlier ones.
     *
     * @param atomic whether either all are posted or none
     * @param batch whether it was asked for as a batch, and is answered as one
     */
    record PostTransactions(LedgerId ledger, boolean atomic, boolean batch, List<RequestedTransaction> transactions)
            implements LedgerCommand {

        /** One transaction, not as a batch. */
        public static PostTransactions only(LedgerId ledger, RequestedTransaction transaction) {
            return new PostTransactions(ledger, true, false, List.of(transaction));
        }

        /** The most transactions in one command. */
        public static final int MAX_TRANSACTIONS = 10_000;
    }

    /**
     * Goes on with a ledger's history as it was recorded in another installation: with its ids, times and hashes. Events
     * that are there already are repeats; all others are recorded, or none. Until one of these says that the import is
     * complete, nothing else is recorded in the ledger.
     *
     * @param events in their order; with neither these nor commands it ends the import where it stands, if it is complete
     * @param commands that led to no event
     * @param complete whether nothing more follows, so that the ledger takes other commands again and open holds may be
     *     released when their time has come
     */
    record AppendHistory(LedgerId ledger, List<PastEvent> events, List<PastCommand> commands, boolean complete)
            implements LedgerCommand {

        public AppendHistory(LedgerId ledger, List<PastEvent> events, boolean complete) {
            this(ledger, events, List.of(), complete);
        }

        /** The most events and commands in one of these. */
        public static final int MAX_EVENTS = 1_000;
    }

    /**
     * A transaction to be posted.
     *
     * @param id the client's choice, or one made for it
     * @param reference the client's own name for it, or null
     * @param effectiveAt null for the time at which it is recorded
     */
    record RequestedTransaction(
            Identity identity,
            UUID id,
            @Nullable String reference,
            @Nullable Instant effectiveAt,
            List<RequestedPosting> postings,
            Map<String, String> metadata) {

        /** The same transaction under another identity. */
        public RequestedTransaction with(Identity other) {
            return new RequestedTransaction(other, id, reference, effectiveAt, postings, metadata);
        }

        /** The most postings in one transaction. */
        public static final int MAX_POSTINGS = 1_000;

        /** Whether {@code posted} is what this asks for, so that a repeat of it is harmless. */
        boolean describes(TransactionPosted posted) {
            return Objects.equals(reference, posted.reference())
                    && (effectiveAt == null || effectiveAt.equals(posted.effectiveAt()))
                    && metadata.equals(posted.metadata())
                    && postings.size() == posted.postings().size()
                    && everyPostingDescribesItsOwn(posted.postings());
        }

        private boolean everyPostingDescribesItsOwn(List<Posting> posted) {
            for (int i = 0; i < posted.size(); i++) {
                if (!postings.get(i).describes(posted.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A posting to be made.
     *
     * @param amount how much; null for as much as is available at the source
     */
    record RequestedPosting(
            AccountAddress source,
            AccountAddress destination,
            Asset asset,
            @Nullable Amount amount) {

        boolean describes(Posting posted) {
            return source.equals(posted.source())
                    && destination.equals(posted.destination())
                    && asset.equals(posted.asset())
                    && (amount == null || amount.equals(posted.amount()));
        }
    }

    /**
     * By what a repeat of a command is known.
     *
     * @param eventId the id of the event that the command leads to: the same for every repeat
     * @param fingerprint a digest of the values of all that is asked for if it came with an idempotency key, else null
     * @param formerFingerprint one of the request's text, which earlier versions of Daybook recorded; or null
     */
    record Identity(
            UUID eventId,
            @Nullable String fingerprint,
            @Nullable String formerFingerprint) {

        public Identity(UUID eventId, @Nullable String fingerprint) {
            this(eventId, fingerprint, null);
        }

        /** The same with a fingerprint. */
        public Identity with(String newFingerprint) {
            return new Identity(eventId, newFingerprint, formerFingerprint);
        }

        /** Whether the command came with an idempotency key. */
        public boolean isKeyed() {
            return fingerprint != null;
        }

        /** Whether what was recorded with this fingerprint was asked for by the same request. */
        boolean isOf(@Nullable String recorded) {
            return recorded != null && (recorded.equals(fingerprint) || recorded.equals(formerFingerprint));
        }
    }
}
