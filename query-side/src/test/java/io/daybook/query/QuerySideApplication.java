package io.daybook.query;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The query side alone, as it is deployed where each part has its own process. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(QuerySideConfiguration.class)
class QuerySideApplication {

    /** Starts it on a free port. */
    static ConfigurableApplicationContext start(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("server.port", "0");
        all.put("server.address", "127.0.0.1");
        all.put("spring.threads.virtual.enabled", "true");
        all.put("spring.main.banner-mode", "off");
        return new SpringApplicationBuilder(QuerySideApplication.class)
                .properties(all)
                .run();
    }
}
