package io.daybook.projections.posting;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.GapException;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.Reasons;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The parked ledgers of a projection, in table {@code parked}: since which event each waits, and why. All is done in the
 * caller's transaction, which also stores the token: that a ledger waits is known for as long as its events do not come again.
 */
final class Parking {

    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

    private final String projection;
    private final JdbcTemplate books;
    private final int maxLedgers;

    /**
     * @param maxLedgers when so many wait, it is not their events that are wrong; then the projection stops
     */
    Parking(String projection, JdbcTemplate books, int maxLedgers) {
        this.projection = projection;
        this.books = books;
        this.maxLedgers = maxLedgers;
    }

    /** The events of ledgers that are not parked; of those that are, it is noted how far they go. */
    List<PublishedEvent> passing(int generation, List<PublishedEvent> events) {
        Map<String, Long> parked = parked(generation, events);
        if (parked.isEmpty()) {
            return events;
        }
        Map<String, Long> held = new HashMap<>();
        List<PublishedEvent> passing = new ArrayList<>(events.size());
        for (PublishedEvent event : events) {
            String ledger = event.ledger().value();
            if (event.sequence() < parked.getOrDefault(ledger, Long.MAX_VALUE)) {
                passing.add(event);
            } else {
                held.merge(ledger, event.sequence(), Math::max);
            }
        }
        books.batchUpdate(
                "update parked set last = greatest(last, ?) where projection = ? and generation = ? and ledger = ?",
                held.entrySet().stream()
                        .map(last -> new Object[] {last.getValue(), projection, generation, last.getKey()})
                        .toList());
        return passing;
    }

    /** Their rows stay locked until the commit: who heals a ledger knows then how far its events go. */
    private Map<String, Long> parked(int generation, List<PublishedEvent> events) {
        Map<String, Long> parked = new HashMap<>();
        books.query(
                "select ledger, sequence from parked"
                        + " where projection = ? and generation = ? and ledger = any (?) order by ledger for update",
                row -> {
                    parked.put(row.getString("ledger"), row.getLong("sequence"));
                },
                projection,
                generation,
                Positions.ledgersOf(events).stream().map(LedgerId::value).toArray(String[]::new));
        return parked;
    }

    /**
     * From this event on the ledger waits.
     *
     * @throws IllegalStateException if too many do already
     */
    void park(int generation, PublishedEvent event, Exception failure) {
        String reason = Reasons.of(failure);
        int parked = books.update(
                """
                insert into parked (projection, generation, ledger, sequence, last, reason)
                select ?, ?, ?, ?, ?, ?
                 where (select count(*) from parked where projection = ? and generation = ?) < ?
                """,
                projection,
                generation,
                event.ledger().value(),
                failure instanceof GapException gap ? gap.expected() : event.sequence(),
                event.sequence(),
                reason,
                projection,
                generation,
                maxLedgers);
        if (parked == 0) {
            throw new IllegalStateException(maxLedgers + " ledgers are parked already, and event " + event.sequence()
                    + " of ledger " + event.ledger() + " cannot be posted either: " + reason);
        }
        LOG.error(
                "ledger {} is parked in {} (generation {}) at event {}: './daybook projections' tells why",
                event.ledger(),
                projection,
                generation,
                event.sequence());
    }
}
