package io.daybook.bench.transfers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;

/** Rows by multi-row inserts, which the driver makes of a batch. */
final class RowInserts implements RawRows.Writer {

    private static final String INSERT = """
            insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash)
            values (?, ?, ?, ?, '%s', ?, '%s', '%s', ?, ?)
            """.formatted(TYPE, WHO, WHO);

    private final PreparedStatement insert;

    RowInserts(Connection connection) throws SQLException {
        insert = connection.prepareStatement(INSERT);
    }

    @Override
    public void add(RawRows.Row row) throws SQLException {
        insert.setLong(1, row.position());
        insert.setString(2, row.ledger());
        insert.setLong(3, row.position());
        insert.setObject(4, row.id());
        insert.setTimestamp(5, Timestamp.from(row.at()));
        insert.setBytes(6, row.data());
        insert.setBytes(7, row.hash());
        insert.addBatch();
    }

    @Override
    public void flush() throws SQLException {
        insert.executeBatch();
    }
}
