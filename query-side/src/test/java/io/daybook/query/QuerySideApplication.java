package io.daybook.query;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The query side alone, by its main class. */
final class QuerySideApplication {

    private QuerySideApplication() {}

    /** Starts it on a free port. */
    static ConfigurableApplicationContext start(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("server.port", "0");
        all.put("server.address", "127.0.0.1");
        return new SpringApplicationBuilder(QuerySide.class).properties(all).run();
    }
}
