package io.daybook.command.store;

import io.daybook.events.Times;
import io.daybook.stores.JournalKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The statement that writes the journal: many events in one round trip, which also moves the journal's head. */
final class JournalTable {

    /** PostgreSQL's code; its driver does not use the exception type that JDBC has for it. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String APPEND = """
            with head as (
                update journal_head set position = position + ? returning position - ? as before, imports
            ), appended as (
                insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor,
                                   fingerprint, entity_id, subject_id, reference, data, hash, trace, chain)
                select head.before + row.ordinality, row.ledger, row.sequence, row.event_id, row.type, row.recorded_at,
                       row.request_id, row.actor, row.fingerprint, row.entity_id, row.subject_id, row.reference, row.data, row.hash,
                       row.trace, row.chain
                  from head,
                       unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
                              ?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::bytea[], ?::uuid[], ?::int[])
                       with ordinality
                       as row (ledger, sequence, event_id, type, recorded_at, request_id, actor,
                               fingerprint, entity_id, subject_id, reference, data, hash, trace, chain, ordinality)
            )
            select before, imports from head
            """;

    private JournalTable() {}

    /** Whether the journal has an event in the same place, or of the same identity. */
    static boolean isDuplicateKey(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    /**
     * What was found at the journal's head.
     *
     * @param before the position of the last event before those that were appended
     * @param imports how many ledgers are being imported
     */
    record Appended(long before, int imports) {}

    /**
     * Appends in the present transaction. It holds the lock of the journal's head from then on.
     */
    static Appended append(Connection connection, List<JournalEntry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            fill(statement, entries);
            try (ResultSet before = statement.executeQuery()) {
                before.next();
                return new Appended(before.getLong("before"), before.getInt("imports"));
            }
        }
    }

    private static void fill(PreparedStatement statement, List<JournalEntry> entries) throws SQLException {
        List<JournalKeys> keys = entries.stream().map(JournalEntry::keys).toList();
        int parameter = 1;
        statement.setLong(parameter++, entries.size());
        statement.setLong(parameter++, entries.size());
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .ledger()
                .value());
        set(statement, parameter++, "bigint", entries, Long[]::new, e -> e.event()
                .sequence());
        set(statement, parameter++, "uuid", entries, UUID[]::new, e -> e.event().id());
        set(statement, parameter++, "text", entries, String[]::new, JournalEntry::type);
        set(
                statement,
                parameter++,
                "text",
                entries,
                String[]::new,
                e -> Times.text(e.event().recordedAt()));
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .requestId());
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .actor());
        set(statement, parameter++, "text", entries, String[]::new, JournalEntry::fingerprint);
        set(statement, parameter++, "uuid", keys, UUID[]::new, JournalKeys::entityId);
        set(statement, parameter++, "uuid", keys, UUID[]::new, JournalKeys::subjectId);
        set(statement, parameter++, "text", keys, String[]::new, JournalKeys::reference);
        set(statement, parameter++, "bytea", entries, byte[][]::new, JournalEntry::data);
        set(statement, parameter++, "bytea", entries, byte[][]::new, e -> HexFormat.of()
                .parseHex(e.event().hash()));
        set(statement, parameter++, "uuid", entries, UUID[]::new, JournalEntry::trace);
        set(statement, parameter, "int", entries, Integer[]::new, e -> e.event().chain());
    }

    /** Sets a column of rows as an array. */
    static <T extends @Nullable Object> void set(
            PreparedStatement statement,
            int parameter,
            String type,
            List<T> rows,
            IntFunction<Object[]> array,
            Function<T, @Nullable Object> value)
            throws SQLException {
        Object[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        statement.setArray(parameter, statement.getConnection().createArrayOf(type, column));
    }
}
