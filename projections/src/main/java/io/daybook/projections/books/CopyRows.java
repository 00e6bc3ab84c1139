package io.daybook.projections.books;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * New rows of a table, for PostgreSQL's {@code COPY} in its binary format: it fills page by page, where an insert writes to
 * the log row by row, and nothing has to be parsed.
 */
final class CopyRows {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(ISO_8859_1);
    private static final int HEADER_BYTES = SIGNATURE.length + 2 * Integer.BYTES;
    private static final short END = -1;
    private static final int NULL = -1;

    /** From where PostgreSQL counts time, in microseconds. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** Numbers are written in digits of this base, the highest first. */
    private static final long NUMERIC_BASE = 10_000;

    private static final short NUMERIC_NEGATIVE = 0x4000;
    private static final byte JSONB_VERSION = 1;

    /** Rows are kept in pieces of this size: a large array that grows is copied, and is no object for a young collection. */
    private static final int PIECE_BYTES = 16_384;

    private final String sql;
    private final short columns;
    private final List<ByteBuffer> full = new ArrayList<>();
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /**
     * @param columns those of the table that have values, in the order in which they are added
     */
    CopyRows(String table, String... columns) {
        this.sql = "copy " + table + " (" + String.join(", ", columns) + ") from stdin (format binary)";
        this.columns = (short) columns.length;
    }

    /** Begins a row; its columns follow. */
    CopyRows row() {
        if (isEmpty()) {
            // No flags, and no extension of the header.
            room(HEADER_BYTES).put(SIGNATURE).putInt(0).putInt(0);
        }
        room(Short.BYTES).putShort(columns);
        return this;
    }

    private boolean isEmpty() {
        return bytes.position() == 0;
    }

    private ByteBuffer room(int wanted) {
        if (bytes.remaining() < wanted) {
            if (!isEmpty()) {
                full.add(bytes);
            }
            bytes = ByteBuffer.allocate(Math.max(PIECE_BYTES, wanted));
        }
        return bytes;
    }

    private CopyRows nothing() {
        room(Integer.BYTES).putInt(NULL);
        return this;
    }

    /** Of {@code text} or {@code json}. */
    CopyRows text(@Nullable String value) {
        if (value == null) {
            return nothing();
        }
        byte[] text = value.getBytes(UTF_8);
        room(Integer.BYTES + text.length).putInt(text.length).put(text);
        return this;
    }

    CopyRows jsonb(String value) {
        byte[] text = value.getBytes(UTF_8);
        room(Integer.BYTES + Byte.BYTES + text.length)
                .putInt(Byte.BYTES + text.length)
                .put(JSONB_VERSION)
                .put(text);
        return this;
    }

    /** Of {@code bigint}. */
    CopyRows number(long value) {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    /** Of {@code int}. */
    CopyRows integer(int value) {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    CopyRows uuid(@Nullable UUID value) {
        if (value == null) {
            return nothing();
        }
        room(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    /** Of {@code timestamptz}. */
    CopyRows time(@Nullable Instant value) {
        return value == null ? nothing() : number(EPOCH.until(value, ChronoUnit.MICROS));
    }

    /** Of {@code numeric}, without decimals. */
    CopyRows numeric(BigInteger value) {
        BigInteger left = value.abs();
        // A digit of the base has more than 13 bits.
        short[] digits = new short[left.bitLength() / 13 + 1];
        int count = 0;
        while (left.bitLength() >= Long.SIZE) {
            BigInteger[] parts = left.divideAndRemainder(BigInteger.valueOf(NUMERIC_BASE));
            digits[count++] = parts[1].shortValue();
            left = parts[0];
        }
        for (long rest = left.longValue(); rest > 0; rest /= NUMERIC_BASE) {
            digits[count++] = (short) (rest % NUMERIC_BASE);
        }
        int length = (4 + count) * Short.BYTES;
        ByteBuffer number = room(Integer.BYTES + length).putInt(length);
        // How many digits, the power of the first, the sign, and how many decimals.
        number.putShort((short) count)
                .putShort((short) (count - 1))
                .putShort(value.signum() < 0 ? NUMERIC_NEGATIVE : 0)
                .putShort((short) 0);
        while (count > 0) {
            number.putShort(digits[--count]);
        }
        return this;
    }

    /** Writes the rows, in the caller's transaction; does nothing if there are none. */
    void write(JdbcTemplate books) {
        if (isEmpty()) {
            return;
        }
        room(Short.BYTES).putShort(END);
        full.add(bytes);
        books.execute((ConnectionCallback<Long>) connection -> {
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            for (ByteBuffer piece : full) {
                copy.writeToCopy(piece.array(), 0, piece.position());
            }
            return copy.endCopy();
        });
    }
}
