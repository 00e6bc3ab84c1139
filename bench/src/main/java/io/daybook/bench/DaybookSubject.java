package io.daybook.bench;

import io.daybook.command.CommandSideConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Daybook's command side as it is deployed, publication to Kafka included. */
final class DaybookSubject implements Subject {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(CommandSideConfiguration.class)
    static class Application {}

    private final TransferScenario scenario;
    private final ConfigurableApplicationContext application;
    private final Driver driver;

    /** How many should be in the journal. */
    private long events;

    DaybookSubject(TransferScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        SpringApplication spring = new SpringApplication(Application.class);
        Map<String, Object> properties = new HashMap<>(services);
        properties.put("server.port", "0");
        properties.put("server.address", "127.0.0.1");
        properties.put("spring.threads.virtual.enabled", "true");
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        // A ledger that is opened is not there before, and a topic of its own neither.
        properties.put("logging.level.org.axonframework.modelling.command.AbstractRepository", "error");
        properties.put("logging.level.org.apache.kafka", "error");
        spring.setDefaultProperties(properties);
        application = spring.run();
        InProcess inProcess = new InProcess(scenario, application.getBean("commandBus", CommandBus.class));
        events = inProcess.open();
        driver = scenario.way() == Way.IN_PROCESS ? inProcess : new OverHttp(scenario, port());
    }

    private int port() {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Override
    public String name() {
        return "Daybook" + scenario.way().words();
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        Measured measured = driver.run(duration);
        events += measured.count();
        return measured;
    }

    /** The journal has each transfer once, its sequences are without gaps, and every event's hash is another. */
    @Override
    public void verify() {
        JdbcTemplate journal = application.getBean("commandJdbcTemplate", JdbcTemplate.class);
        Map<String, Object> found = journal.queryForMap("""
                select count(*) as events, count(distinct hash) as hashes, max(position) as position,
                       (select sum(last) from (select max(sequence) as last from event group by ledger) each) as sequences
                  from event
                """);
        boolean isWhole = found.values().stream().allMatch(value -> ((Number) value).longValue() == events);
        if (!isWhole) {
            throw new AssertionError("the journal should have " + events + " events, and has " + found);
        }
    }

    @Override
    public void close() {
        driver.close();
        application.close();
    }
}
