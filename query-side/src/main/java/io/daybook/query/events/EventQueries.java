package io.daybook.query.events;

import io.daybook.events.LedgerId;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of events. */
final class EventQueries {

    private EventQueries() {}

    /** Events in order, those after a sequence. */
    static List<EventView> list(JdbcClient jdbc, LedgerId ledger, long after, int rows) {
        return jdbc.sql("""
                        select sequence, id, type, recorded_at, effective_at, request_id, actor, data, chain, hash
                          from event
                         where ledger = :ledger and sequence > :after
                         order by sequence
                         limit :rows
                        """)
                .param("ledger", ledger.value())
                .param("after", after)
                .param("rows", rows)
                .query(EventView::of)
                .list();
    }
}
