package io.daybook.projections.projection;

import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How far a store has come in each ledger, and what of a batch is new to it. */
public final class Positions {

    private Positions() {}

    public static Set<LedgerId> ledgersOf(List<PublishedEvent> events) {
        Set<LedgerId> ledgers = new LinkedHashSet<>();
        events.forEach(event -> ledgers.add(event.ledger()));
        return ledgers;
    }

    /**
     * The events that a store has not seen yet.
     *
     * @param positions the last sequence that it has of each ledger; a ledger that it does not know is not in it
     * @throws GapException if one is missing
     * @throws UnreadableEventException if one cannot be read
     */
    public static List<PublishedEvent> newOf(List<PublishedEvent> events, Map<LedgerId, Long> positions) {
        Map<LedgerId, Long> reached = new HashMap<>(positions);
        List<PublishedEvent> unseen = new ArrayList<>(events.size());
        for (PublishedEvent event : events) {
            long last = reached.getOrDefault(event.ledger(), RecordedEvent.FIRST_SEQUENCE - 1);
            if (event.sequence() <= last) {
                continue;
            }
            if (event.sequence() != last + 1) {
                throw new GapException(event.ledger(), last + 1, event.sequence());
            }
            if (event.fault() != null) {
                throw new UnreadableEventException(event);
            }
            reached.put(event.ledger(), event.sequence());
            unseen.add(event);
        }
        return unseen;
    }
}
