package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Events that are posted together.
 *
 * @param counts whether accounts are counted as they are made
 */
record BalancesBatch(List<PublishedEvent> events, boolean counts) {

    /** The balances that they touch. */
    Set<BalanceKey> touched() {
        Set<BalanceKey> touched = new LinkedHashSet<>();
        events.forEach(event -> touchedBy(event).forEach(touched::add));
        return touched;
    }

    /** What a capture takes from its hold is held where its money comes from. */
    private static Stream<BalanceKey> touchedBy(PublishedEvent event) {
        LedgerId ledger = event.ledger();
        return switch (event.event()) {
            case Transaction transaction ->
                transaction.postings().stream()
                        .flatMap(posting -> Stream.of(
                                new BalanceKey(ledger, posting.source(), posting.asset()),
                                new BalanceKey(ledger, posting.destination(), posting.asset())));
            case HoldPlaced hold -> Stream.of(new BalanceKey(ledger, hold.source(), hold.asset()));
            case HoldReleased hold -> Stream.of(new BalanceKey(ledger, hold.source(), hold.asset()));
            case LedgerOpened opened -> Stream.empty();
            case AccountConfigured configured -> Stream.empty();
            case MetadataChanged changed -> Stream.empty();
        };
    }

    /**
     * What they change, by ledger.
     *
     * @param funds what there is of all that they touch; moved on by each event
     */
    Map<LedgerId, Change> changes(Map<BalanceKey, Funds> funds) {
        Map<LedgerId, Change> changes = new LinkedHashMap<>();
        for (PublishedEvent event : events) {
            Change change = changes.computeIfAbsent(event.ledger(), ledger -> new Change(ledger, funds));
            change.reach(event.sequence());
            switch (event.event()) {
                case LedgerOpened opened -> {
                    if (counts) {
                        // It exists, and is counted, whether anything moves or not.
                        change.metadata(AccountAddress.WORLD, Map.of());
                    }
                }
                case AccountConfigured configured -> change.configure(configured);
                case Transaction transaction -> change.post(transaction);
                case HoldPlaced hold -> change.hold(hold.source(), hold.asset(), all -> all.hold(hold.amount()));
                case HoldReleased hold -> change.hold(hold.source(), hold.asset(), all -> all.release(hold.amount()));
                case MetadataChanged changed -> {
                    if (changed.account() != null) {
                        change.metadata(changed.account(), changed.metadata());
                    }
                }
            }
        }
        return changes;
    }
}
