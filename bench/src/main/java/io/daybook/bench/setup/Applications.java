package io.daybook.bench.setup;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Parts of Daybook as applications. */
public final class Applications {

    private Applications() {}

    /**
     * Starts an application that serves nobody.
     *
     * @param services properties of the services that the parts need
     * @param parts configurations to import
     */
    public static ConfigurableApplicationContext start(Map<String, String> services, Class<?>... parts) {
        SpringApplication spring = new SpringApplication(parts);
        spring.setWebApplicationType(WebApplicationType.NONE);
        return run(spring, services);
    }

    /** Starts a side by its main class: it serves HTTP as the deployed one does. */
    public static ConfigurableApplicationContext serve(Map<String, String> services, Class<?> side) {
        Map<String, String> properties = new HashMap<>(services);
        properties.put("server.port", "0");
        properties.put("server.address", "127.0.0.1");
        return run(new SpringApplication(side), properties);
    }

    private static ConfigurableApplicationContext run(SpringApplication spring, Map<String, String> services) {
        Map<String, Object> properties = new HashMap<>(services);
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        // A ledger that is opened is not there before, and a topic of its own neither.
        properties.put("logging.level.org.axonframework.modelling.command.AbstractRepository", "error");
        properties.put("logging.level.org.apache.kafka", "error");
        spring.setDefaultProperties(properties);
        return spring.run();
    }

    /** Where an application serves HTTP. */
    public static int port(ConfigurableApplicationContext application) {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
