package io.daybook.projections;

import io.daybook.http.HttpConfiguration;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** All projections as an application has them, and a look at their books from outside of it. */
public final class TestProjections {

    private TestProjections() {}

    public static ConfigurableApplicationContext start(SharedServices.Isolated services) {
        return start(services, Map.of());
    }

    /**
     * @param others properties in place of those of the services
     */
    static ConfigurableApplicationContext start(SharedServices.Isolated services, Map<String, String> others) {
        return start(services, others, ProjectionsConfiguration.class, WebApplicationType.NONE);
    }

    /** The same with a web server on a port of its own, for operators. */
    static ConfigurableApplicationContext serve(SharedServices.Isolated services, Map<String, String> others) {
        return start(services, others, Served.class, WebApplicationType.SERVLET);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({HttpConfiguration.class, ProjectionsConfiguration.class})
    static class Served {}

    private static ConfigurableApplicationContext start(
            SharedServices.Isolated services,
            Map<String, String> others,
            Class<?> application,
            WebApplicationType type) {
        SpringApplication spring = new SpringApplication(application);
        spring.setWebApplicationType(type);
        Map<String, Object> properties = new TreeMap<>(services.properties());
        properties.putAll(others);
        properties.put("server.port", "0");
        properties.put("spring.threads.virtual.enabled", "true");
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        spring.setDefaultProperties(properties);
        return spring.run();
    }

    /** By itself, as the application's is closed with it. */
    public static SingleConnectionDataSource books(SharedServices.Isolated services) {
        return new SingleConnectionDataSource(
                services.get("daybook.books.jdbc-url") + "?currentSchema=" + BooksDatabase.SEARCH_PATH,
                services.get("daybook.books.username"),
                services.get("daybook.books.password"),
                true);
    }
}
