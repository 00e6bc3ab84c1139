package io.daybook.projections.audit;

import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.projections.projection.PublishedEvent;
import java.util.Locale;
import java.util.stream.Collectors;

/** What happened in an event, in a line for people. */
final class EventMessage {

    /** More postings than these are counted and not told. */
    private static final int TOLD_POSTINGS = 3;

    private EventMessage() {}

    static String of(PublishedEvent event) {
        String inLedger = " in ledger " + event.ledger();
        return switch (event.event()) {
            case LedgerOpened opened -> "opened ledger " + event.ledger();
            case AccountConfigured configured ->
                "configured account " + configured.account() + " of ledger " + event.ledger();
            case TransactionPosted posted ->
                "posted " + movements(posted) + inLedger
                        + (posted.reference() == null ? "" : ", reference " + posted.reference());
            case TransactionReversed reversed ->
                "reversed transaction " + reversed.reverses() + ", " + movements(reversed) + inLedger;
            case HoldPlaced hold ->
                "held " + amount(hold.amount(), hold.asset()) + " at " + hold.source()
                        + (hold.destination() == null ? "" : " for " + hold.destination()) + inLedger + ", hold "
                        + hold.id();
            case HoldCaptured capture ->
                "captured " + movements(capture)
                        + (capture.released().isZero() ? "" : ", released " + released(capture)) + inLedger + ", hold "
                        + capture.hold();
            case HoldReleased hold ->
                "released " + amount(hold.amount(), hold.asset()) + " at " + hold.source() + inLedger + ", hold "
                        + hold.hold() + " " + word(hold.reason());
            case MetadataChanged changed ->
                "changed metadata of "
                        + (changed.account() != null
                                ? "account " + changed.account() + inLedger
                                : changed.transaction() != null
                                        ? "transaction " + changed.transaction() + inLedger
                                        : "ledger " + event.ledger());
        };
    }

    private static String movements(Transaction transaction) {
        String told = transaction.postings().stream()
                .limit(TOLD_POSTINGS)
                .map(posting -> amount(posting.amount(), posting.asset()) + " from " + posting.source() + " to "
                        + posting.destination())
                .collect(Collectors.joining(", "));
        int more = transaction.postings().size() - TOLD_POSTINGS;
        return more > 0 ? told + " and " + more + " more" : told;
    }

    private static String released(HoldCaptured capture) {
        return amount(capture.released(), capture.postings().getFirst().asset());
    }

    private static String amount(Amount amount, Asset asset) {
        return EventDocument.units(amount, asset).toPlainString() + " " + asset.code();
    }

    /** The reason as events have it. */
    static String word(HoldReleased.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
