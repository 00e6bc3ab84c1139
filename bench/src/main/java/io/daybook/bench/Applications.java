package io.daybook.bench;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Parts of Daybook as applications that serve nobody. */
final class Applications {

    private Applications() {}

    /**
     * @param services properties of the services that the parts need
     * @param parts configurations to import
     */
    static ConfigurableApplicationContext start(Map<String, String> services, Class<?>... parts) {
        SpringApplication spring = new SpringApplication(parts);
        spring.setWebApplicationType(WebApplicationType.NONE);
        Map<String, Object> properties = new HashMap<>(services);
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        properties.put("logging.level.org.apache.kafka", "error");
        spring.setDefaultProperties(properties);
        return spring.run();
    }
}
