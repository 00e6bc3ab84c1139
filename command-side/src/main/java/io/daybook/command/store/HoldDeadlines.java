package io.daybook.command.store;

import io.daybook.command.ledger.Hold;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.Times;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** When open holds release themselves: kept in the transaction that places or ends a hold, so that none is forgotten. */
public final class HoldDeadlines {

    /** A hold whose time has come. */
    public record Due(LedgerId ledger, UUID hold) {}

    private record Key(LedgerId ledger, UUID hold) {}

    private HoldDeadlines() {}

    /**
     * The holds whose time has come, the longest overdue first. Those of a ledger that is being imported wait until it is
     * complete.
     *
     * @param limit the most to be found at once
     */
    public static List<Due> due(JdbcTemplate eventStore, Instant now, int limit) {
        return eventStore.query(
                "select ledger, hold from hold_deadline where expires_at <= ?"
                        + " and ledger not in (select ledger from running_import) order by expires_at limit ?",
                (row, n) -> new Due(new LedgerId(row.getString("ledger")), row.getObject("hold", UUID.class)),
                Timestamp.from(now),
                limit);
    }

    /**
     * Notes when these holds release themselves. It is for history that was recorded elsewhere: to release a hold while
     * its history is still coming in would be another history.
     */
    public static BesideJournal of(LedgerId ledger, Collection<Hold> holds) {
        return connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into hold_deadline (ledger, hold, expires_at) values (?, ?, ?) on conflict do nothing")) {
                for (Hold hold : holds) {
                    if (hold.expiresAt() != null) {
                        statement.setString(1, ledger.value());
                        statement.setObject(2, hold.id());
                        statement.setObject(3, hold.expiresAt().atOffset(ZoneOffset.UTC));
                        statement.addBatch();
                    }
                }
                statement.executeBatch();
            }
        };
    }

    /** Notes what a batch of events says of deadlines; costs nothing if it says nothing. */
    static void note(Connection connection, List<JournalEntry> entries) throws SQLException {
        Map<Key, @Nullable Instant> changes = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            RecordedEvent recorded = entry.event();
            switch (recorded.event()) {
                case HoldPlaced placed
                when placed.expiresAt() != null && !entry.past() ->
                    changes.put(new Key(recorded.ledger(), placed.id()), placed.expiresAt());
                case HoldCaptured captured
                when captured.closes() -> changes.put(new Key(recorded.ledger(), captured.hold()), null);
                case HoldReleased released -> changes.put(new Key(recorded.ledger(), released.hold()), null);
                default -> {}
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        String[] ledgers = new String[changes.size()];
        UUID[] holds = new UUID[changes.size()];
        String[] deadlines = new String[changes.size()]; // a Timestamp would be told in the time zone of this machine
        int i = 0;
        for (Map.Entry<Key, @Nullable Instant> change : changes.entrySet()) {
            ledgers[i] = change.getKey().ledger().value();
            holds[i] = change.getKey().hold();
            deadlines[i++] = change.getValue() == null ? null : Times.text(change.getValue());
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                with change as (
                    select * from unnest(?::text[], ?::uuid[], ?::timestamptz[]) as c (ledger, hold, expires_at)
                ), ended as (
                    delete from hold_deadline d using change c
                     where c.expires_at is null and d.ledger = c.ledger and d.hold = c.hold
                )
                insert into hold_deadline select * from change where expires_at is not null
                """)) {
            statement.setArray(1, connection.createArrayOf("text", ledgers));
            statement.setArray(2, connection.createArrayOf("uuid", holds));
            statement.setArray(3, connection.createArrayOf("timestamptz", deadlines));
            statement.executeUpdate();
        }
    }
}
