package io.daybook.projections;

import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
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
        SpringApplication spring = new SpringApplication(ProjectionsConfiguration.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        Map<String, Object> properties = new TreeMap<>(services.properties());
        properties.putAll(others);
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
