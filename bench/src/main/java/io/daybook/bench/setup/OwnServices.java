package io.daybook.bench.setup;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.SubjectDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;

/** Gives each subject databases, topics and indices of its own on the same servers. */
public final class OwnServices implements Supplier<Map<String, String>> {

    private final Map<String, String> servers;
    private final String prefix;
    private int number;

    /**
     * @param servers properties of an application
     * @param prefix begins the names of what is given
     */
    public OwnServices(Map<String, String> servers, String prefix) {
        this.servers = servers;
        this.prefix = prefix;
    }

    @Override
    public Map<String, String> get() {
        String name = prefix + ++number;
        Map<String, String> properties = new HashMap<>(servers);
        for (String store : List.of(SubjectDatabase.EVENT_STORE, SubjectDatabase.BOOKS)) {
            try (HikariDataSource server = SubjectDatabase.open(servers, store, 1, "")) {
                new JdbcTemplate(server).execute("create database " + name);
            }
        }
        // Those of standbys too.
        properties.replaceAll((property, value) ->
                property.contains("jdbc-url") ? value.substring(0, value.lastIndexOf('/') + 1) + name : value);
        properties.put("daybook.kafka.topic-prefix", name);
        properties.put("daybook.elasticsearch.index-prefix", name);
        return properties;
    }
}
