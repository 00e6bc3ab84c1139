package io.daybook.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a list.
 *
 * @param next the cursor of the page behind it, or null if there is none
 */
public record Page<T>(List<T> data, @Nullable String next) {

    /**
     * Cuts what was read to a page.
     *
     * @param rows at most one more than wanted, which tells that there is a next page
     * @param cursor gives that of the last row, by its text
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, ?> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> data = List.copyOf(rows.subList(0, limit));
        return new Page<>(data, cursor.apply(data.getLast()).toString());
    }
}
