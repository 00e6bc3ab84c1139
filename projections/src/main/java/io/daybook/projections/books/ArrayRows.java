package io.daybook.projections.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Rows for one statement, which takes each column as an array and {@code unnest}s them: many rows, one round trip. */
final class ArrayRows {

    private final String[] types;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /**
     * @param types PostgreSQL's names of the columns' types, in their order
     */
    ArrayRows(String... types) {
        this.types = types;
    }

    void add(@Nullable Object... row) {
        if (row.length != types.length) {
            throw new IllegalArgumentException("a row has " + types.length + " columns, not " + row.length);
        }
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Sets the columns as the statement's first parameters. */
    PreparedStatement bind(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int column = 0; column < types.length; column++) {
            Object[] values = new Object[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[column];
            }
            statement.setArray(column + 1, connection.createArrayOf(types[column], values));
        }
        return statement;
    }

    /** Executes the statement; does nothing if there are no rows. */
    void update(JdbcTemplate books, String sql) {
        if (rows.isEmpty()) {
            return;
        }
        books.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement statement = bind(connection, sql)) {
                return statement.executeUpdate();
            }
        });
    }
}
