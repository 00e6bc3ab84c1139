package io.daybook.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;

/** Connections to the database of one subject. */
final class Database {

    private Database() {}

    /**
     * @param services properties of a command side
     * @param parameters of the driver, such as {@code ?reWriteBatchedInserts=true}; may be empty
     */
    static HikariDataSource open(Map<String, String> services, int connections, String parameters) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(services.get("daybook.event-store.jdbc-url") + parameters);
        config.setUsername(services.get("daybook.event-store.username"));
        config.setPassword(services.get("daybook.event-store.password"));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }
}
