package io.daybook.command.reply;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The contract's documents, as the command side can tell them. */
final class Views {

    private Views() {}

    /**
     * What came of a request with events that were recorded elsewhere.
     *
     * @param recorded how many were new here
     * @param repeated how many were there already
     * @param remembered how many commands of the request led to no event; null if none did
     * @param sequence of the last event of the request; of the ledger if it has none
     * @param hash of that event
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HistoryView(
            LedgerId ledger,
            long recorded,
            long repeated,
            @Nullable Integer remembered,
            long sequence,
            String hash) {

        static HistoryView of(AppendHistory append, History.Head head) {
            return new HistoryView(append.ledger(), 0, 0, remembered(append), head.sequence(), head.hash());
        }

        private static @Nullable Integer remembered(AppendHistory append) {
            return append.commands().isEmpty() ? null : append.commands().size();
        }

        static HistoryView of(AppendHistory append, RecordedEvent last, List<Outcome> outcomes) {
            long repeated = outcomes.stream()
                    .filter(outcome -> outcome instanceof Outcome.Recorded known && known.repeated())
                    .count();
            return new HistoryView(
                    append.ledger(),
                    outcomes.size() - repeated,
                    repeated,
                    remembered(append),
                    last.sequence(),
                    last.hash());
        }
    }

    record LedgerView(LedgerId ledger, @Nullable String region, Map<String, String> metadata, long sequence) {
        static LedgerView of(LedgerId ledger, LedgerOpened opened, long sequence) {
            return new LedgerView(ledger, opened.region(), opened.metadata(), sequence);
        }
    }

    record AccountView(
            LedgerId ledger,
            AccountAddress account,
            Overdraft overdraft,
            Map<Asset, BalanceLimits> limits,
            boolean closed,
            Map<String, String> metadata,
            long sequence) {
        static AccountView of(LedgerId ledger, AccountConfigured configured, long sequence) {
            return new AccountView(
                    ledger,
                    configured.account(),
                    configured.overdraft(),
                    configured.limits(),
                    configured.closed(),
                    configured.metadata(),
                    sequence);
        }
    }

    /** Metadata as it is after a change of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MetadataView(
            LedgerId ledger,
            @Nullable AccountAddress account,
            @Nullable UUID transaction,
            Map<String, String> metadata,
            long sequence) {
        static MetadataView of(LedgerId ledger, MetadataChanged changed, long sequence) {
            return new MetadataView(ledger, changed.account(), changed.transaction(), changed.metadata(), sequence);
        }
    }

    record TransactionView(
            UUID id,
            LedgerId ledger,
            long sequence,
            @Nullable String reference,
            List<Posting> postings,
            Map<String, String> metadata,
            Instant effectiveAt,
            Instant recordedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID reverses,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID hold,

            String hash) {
        static TransactionView of(RecordedEvent recorded) {
            Transaction transaction = (Transaction) recorded.event();
            return new TransactionView(
                    transaction.id(),
                    recorded.ledger(),
                    recorded.sequence(),
                    transaction.reference(),
                    transaction.postings(),
                    transaction.metadata(),
                    transaction.effectiveAt(),
                    recorded.recordedAt(),
                    transaction.reverses(),
                    transaction.hold(),
                    recorded.hash());
        }
    }

    record BatchView(List<ItemView> results, long sequence) {}

    /** What came of one transaction of a batch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            int status,
            @Nullable TransactionView transaction,
            @Nullable Problem problem) {}

    /** A hold as it was placed. */
    record HoldView(
            UUID id,
            LedgerId ledger,
            long sequence,
            String state,
            AccountAddress source,
            @Nullable AccountAddress destination,
            Asset asset,
            Amount amount,
            Amount captured,
            Amount remaining,
            @Nullable Instant expiresAt,
            Map<String, String> metadata,
            Instant placedAt,
            String hash) {
        static HoldView of(RecordedEvent recorded, HoldPlaced placed) {
            return new HoldView(
                    placed.id(),
                    recorded.ledger(),
                    recorded.sequence(),
                    "open",
                    placed.source(),
                    placed.destination(),
                    placed.asset(),
                    placed.amount(),
                    Amount.ZERO,
                    placed.amount(),
                    placed.expiresAt(),
                    placed.metadata(),
                    recorded.recordedAt(),
                    recorded.hash());
        }
    }

    /** The end of a hold that was not captured whole. */
    record ReleaseView(
            UUID id,
            LedgerId ledger,
            long sequence,
            HoldReleased.Reason state,
            AccountAddress source,
            Asset asset,
            Amount released,
            Instant releasedAt,
            String hash) {
        static ReleaseView of(RecordedEvent recorded, HoldReleased released) {
            return new ReleaseView(
                    released.hold(),
                    recorded.ledger(),
                    recorded.sequence(),
                    released.reason(),
                    released.source(),
                    released.asset(),
                    released.amount(),
                    recorded.recordedAt(),
                    recorded.hash());
        }
    }
}
