package io.daybook.stores;

import io.daybook.events.Envelope;
import io.daybook.events.StoredEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;

/** Rows of the journal, table {@code event} of the event store, as whoever follows it reads them. */
public final class JournalRows {

    /** What is selected, for {@link #event} and {@link #position}. */
    public static final String COLUMNS =
            "position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash, trace, chain";

    private JournalRows() {}

    /** The event's place in the whole journal, from 1. */
    public static long position(ResultSet row) throws SQLException {
        return row.getLong(1);
    }

    public static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getString(2),
                new Envelope(
                        row.getLong(3),
                        row.getObject(4, UUID.class),
                        row.getTimestamp(6).toInstant(),
                        row.getString(7),
                        row.getString(8),
                        row.getInt(12),
                        HexFormat.of().formatHex(row.getBytes(10))),
                row.getString(5),
                row.getObject(11, UUID.class),
                row.getBytes(9));
    }
}
