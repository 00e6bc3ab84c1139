package io.daybook.bench.measure;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** Connections to a database of one subject. */
public final class SubjectDatabase {

    /** Begins the properties of the event store's database. */
    public static final String EVENT_STORE = "daybook.event-store";

    /** Begins the properties of the books' database. */
    public static final String BOOKS = "daybook.books";

    private SubjectDatabase() {}

    /**
     * @param services properties of an application
     * @param store {@link #EVENT_STORE} or {@link #BOOKS}
     * @param parameters of the driver, such as {@code ?reWriteBatchedInserts=true}; may be empty
     */
    public static HikariDataSource open(
            Map<String, String> services, String store, int connections, String parameters) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(services.get(store + ".jdbc-url") + parameters);
        config.setUsername(services.get(store + ".username"));
        config.setPassword(services.get(store + ".password"));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** Connections to the books where they are read: a standby if there is one. */
    public static HikariDataSource openBooksToRead(Map<String, String> services, int connections) {
        Map<String, String> read = new HashMap<>(services);
        String standbys = services.get(BOOKS + ".replica-jdbc-urls");
        if (standbys != null) {
            read.put(BOOKS + ".jdbc-url", standbys.split(",")[0]);
        }
        return open(read, BOOKS, connections, "");
    }

    /** Does what autovacuum would do of it some time. */
    public static void vacuum(Map<String, String> services, String store) {
        try (HikariDataSource database = open(services, store, 1, "")) {
            new JdbcTemplate(database).execute("vacuum analyze");
        }
    }
}
