package io.daybook.command.store;

import static io.daybook.command.store.JournalTable.set;

import io.daybook.command.ledger.Decision;
import io.daybook.command.ledger.RememberedCommand;
import io.daybook.command.store.JournalAppend.Remembered;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/** The table of commands that led to no event: many in one round trip. */
final class RememberedCommands {

    /** As long as it is held, nobody else appends. */
    private static final String LOCK = "select position from journal_head for update";

    /** Not what another writer's events have made void: the answer would be wrong for ever. */
    private static final String INSERT = """
            insert into remembered_command (ledger, event_id, fingerprint, sequence, standing_id, type, data)
            select row.ledger, row.event_id, row.fingerprint, row.sequence, row.standing_id, row.type, row.data
              from unnest(?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::bytea[], ?::bigint[])
                   as row (ledger, event_id, fingerprint, sequence, standing_id, type, data, head)
             where not exists (
                select from event where event.ledger = row.ledger and event.sequence = row.head + 1)
            """;

    private RememberedCommands() {}

    /**
     * Writes them in the present transaction, before the events of the same transaction.
     *
     * @throws ConcurrencyException if another writer has appended to one of their ledgers
     */
    static void write(Connection connection, List<Remembered> remembered) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            lock.execute();
            fill(insert, remembered);
            if (insert.executeUpdate() < remembered.size()) {
                throw new ConcurrencyException("another one writes these ledgers too");
            }
        }
    }

    private static void fill(PreparedStatement insert, List<Remembered> remembered) throws SQLException {
        List<RememberedCommand> commands =
                remembered.stream().map(Remembered::command).toList();
        List<@Nullable LedgerEvent> unchanged = commands.stream()
                .map(command -> command.answer() instanceof Decision.Unchanged(LedgerEvent standing) ? standing : null)
                .toList();
        int parameter = 1;
        set(insert, parameter++, "text", commands, String[]::new, c -> c.ledger()
                .value());
        set(insert, parameter++, "uuid", commands, UUID[]::new, RememberedCommand::eventId);
        set(insert, parameter++, "text", commands, String[]::new, RememberedCommand::fingerprint);
        set(insert, parameter++, "bigint", commands, Long[]::new, RememberedCommand::sequence);
        set(
                insert,
                parameter++,
                "uuid",
                commands,
                UUID[]::new,
                c -> c.answer() instanceof Decision.Repeated(RecordedEvent earlier) ? earlier.id() : null);
        set(
                insert,
                parameter++,
                "text",
                unchanged,
                String[]::new,
                e -> e == null ? null : EventType.of(e).eventName());
        set(insert, parameter++, "bytea", unchanged, byte[][]::new, e -> e == null ? null : LedgerEventJson.write(e));
        set(insert, parameter, "bigint", remembered, Long[]::new, Remembered::head);
    }
}
