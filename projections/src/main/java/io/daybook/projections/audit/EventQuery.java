package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import java.util.List;
import java.util.Map;

/** What Elasticsearch is asked for: some of the events of a ledger. */
final class EventQuery {

    private EventQuery() {}

    /** Those whose sequence is one of these. */
    static Map<String, Object> of(LedgerId ledger, List<Long> sequences) {
        return of(ledger, "terms", sequences);
    }

    /**
     * Those whose sequence lies within bounds.
     *
     * @param bounds by their names in Elasticsearch, such as {@code lte}
     */
    static Map<String, Object> within(LedgerId ledger, Map<String, Long> bounds) {
        return of(ledger, "range", bounds);
    }

    private static Map<String, Object> of(LedgerId ledger, String kind, Object sequences) {
        return Map.of(
                "bool",
                Map.of(
                        "filter",
                        List.of(
                                Map.of("term", Map.of("daybook.ledger", ledger.value())),
                                Map.of(kind, Map.of("event.sequence", sequences)))));
    }
}
