package io.daybook.command.store;

import io.daybook.events.LedgerId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** By what repeats of a ledger's commands are known: what the journal's events do not tell, and the table beside it. */
public final class KeyedCommands {

    /** How many events are looked at for a page: few of them may have come with a key. */
    private static final int WINDOW = 20_000;

    private static final UUID FIRST_ID = new UUID(0, 0);
    private static final UUID LAST_ID = new UUID(-1, -1);

    /** Of one sequence the event comes first, then what was answered when the ledger had come so far. */
    private static final String PAGE = """
            (select sequence, false as remembered, event_id, fingerprint, null::uuid as standing_id, null as type,
                    null::bytea as data
               from event
              where ledger = ? and sequence > ? and sequence <= ? and fingerprint is not null
              order by sequence limit ?)
            union all
            (select sequence, true, event_id, fingerprint, standing_id, type, data
               from remembered_command
              where ledger = ? and (sequence, event_id) > (?, ?) and sequence <= ?
              order by sequence, event_id limit ?)
              order by sequence, remembered, event_id limit ?
            """;

    /**
     * A command that came with an idempotency key.
     *
     * @param sequence of the event that it led to; or how far the ledger had come when it was answered without one
     * @param remembered null if it led to an event
     */
    public record Keyed(
            long sequence,
            UUID eventId,
            String fingerprint,
            @Nullable Remembered remembered) {}

    /**
     * What a command was answered with that led to no event. All are null if its key was used, and the command may be tried
     * again.
     *
     * @param standingId the event that stood already
     * @param data JSON
     */
    public record Remembered(
            @Nullable UUID standingId,
            @Nullable String type,
            @Nullable String data) {}

    /** A place in the list, after that of a command. */
    public record Place(long sequence, UUID eventId) {

        /** Before the first command. */
        public static final Place START = new Place(0, FIRST_ID);
    }

    /**
     * @param next where it goes on; null if nothing follows
     */
    public record Page(List<Keyed> commands, @Nullable Place next) {}

    private KeyedCommands() {}

    /**
     * A part of the list, which may be empty although others follow.
     *
     * @return null if there is no such ledger
     */
    public static @Nullable Page after(JdbcTemplate eventStore, LedgerId ledger, Place after, int limit) {
        Long head = eventStore.queryForObject(
                "select max(sequence) from event where ledger = ?", Long.class, ledger.value());
        if (head == null) {
            return null;
        }
        long end = Math.min(head, after.sequence() + WINDOW);
        List<Keyed> commands = eventStore.query(
                PAGE,
                (row, number) -> keyed(row),
                ledger.value(),
                after.sequence(),
                end,
                limit,
                ledger.value(),
                after.sequence(),
                after.eventId(),
                end,
                limit,
                limit);
        if (commands.size() == limit) {
            Keyed last = commands.getLast();
            return new Page(
                    commands, new Place(last.sequence(), last.remembered() == null ? FIRST_ID : last.eventId()));
        }
        return new Page(commands, end < head ? new Place(end, LAST_ID) : null);
    }

    private static Keyed keyed(ResultSet row) throws SQLException {
        byte[] data = row.getBytes("data");
        return new Keyed(
                row.getLong("sequence"),
                row.getObject("event_id", UUID.class),
                row.getString("fingerprint"),
                row.getBoolean("remembered")
                        ? new Remembered(
                                row.getObject("standing_id", UUID.class),
                                row.getString("type"),
                                data == null ? null : new String(data, StandardCharsets.UTF_8))
                        : null);
    }
}
