package io.daybook.bench.transfers;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows by {@code COPY} in its binary format (PostgreSQL's documentation of {@code COPY}, "Binary Format"). */
final class RowCopy implements RawRows.Writer {

    private static final String COPY =
            "copy event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash)"
                    + " from stdin (format binary)";
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final short COLUMNS = 10;
    private static final short END = -1;

    /** From where PostgreSQL counts time, in microseconds. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final PGConnection connection;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream rows = new DataOutputStream(bytes);

    RowCopy(Connection connection) throws SQLException {
        this.connection = connection.unwrap(PGConnection.class);
    }

    @Override
    public void add(RawRows.Row row) throws IOException {
        if (bytes.size() == 0) {
            rows.write(SIGNATURE);
            rows.writeInt(0); // flags
            rows.writeInt(0); // length of the header's extension
        }
        rows.writeShort(COLUMNS);
        write(row.position());
        write(row.ledger());
        write(row.position());
        rows.writeInt(2 * Long.BYTES);
        rows.writeLong(row.id().getMostSignificantBits());
        rows.writeLong(row.id().getLeastSignificantBits());
        write(TYPE);
        write(EPOCH.until(row.at(), ChronoUnit.MICROS));
        write(WHO);
        write(WHO);
        write(row.data());
        write(row.hash());
    }

    private void write(long value) throws IOException {
        rows.writeInt(Long.BYTES);
        rows.writeLong(value);
    }

    private void write(String value) throws IOException {
        write(value.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] value) throws IOException {
        rows.writeInt(value.length);
        rows.write(value);
    }

    @Override
    public void flush() throws SQLException, IOException {
        rows.writeShort(END);
        CopyIn copy = connection.getCopyAPI().copyIn(COPY);
        copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
        copy.endCopy();
        bytes.reset();
    }
}
