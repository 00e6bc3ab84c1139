package io.daybook.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A database of PostgreSQL.
 *
 * @param jdbcUrl such as {@code jdbc:postgresql://books:5432/daybook}
 * @param username whom the side connects as
 * @param password of that user
 */
public record DatabaseProperties(
        @DefaultValue("") String jdbcUrl,
        @DefaultValue("") String username,
        @DefaultValue("") String password) {

    /**
     * @param prefix of its properties, such as {@code daybook.books}
     * @throws IllegalArgumentException if the URL or the user is missing
     */
    public DatabaseProperties require(String prefix) {
        Limits.given(prefix + ".jdbc-url", jdbcUrl, "jdbc:postgresql://localhost:5432/daybook");
        Limits.given(prefix + ".username", username, "daybook");
        return this;
    }
}
