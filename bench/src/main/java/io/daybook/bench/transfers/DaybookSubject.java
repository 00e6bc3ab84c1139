package io.daybook.bench.transfers;

import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.setup.Applications;
import io.daybook.command.CommandSide;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Daybook's command side as it is deployed, publication to Kafka included. */
public final class DaybookSubject implements Subject {

    private final String name;
    private final ConfigurableApplicationContext application;
    private final Driver driver;

    /** How many should be in the journal. */
    private long events;

    /**
     * @param name what it is called in a report
     * @param history how many transfers are made before anything is measured
     * @param driving what gives commands, made of what knows the ledgers and the application's port
     */
    public DaybookSubject(
            String name,
            TransferScenario scenario,
            long history,
            Map<String, String> services,
            BiFunction<InProcess, Integer, Driver> driving) {
        this.name = name;
        application = Applications.serve(services, CommandSide.class);
        InProcess inProcess = new InProcess(scenario, application.getBean(CommandBus.class));
        events = inProcess.open() + history;
        inProcess.post(history);
        driver = driving.apply(inProcess, Applications.port(application));
    }

    /** As the scenario has it. */
    public DaybookSubject(TransferScenario scenario, Map<String, String> services) {
        this(
                "Daybook" + scenario.way().words(),
                scenario,
                0,
                services,
                (inProcess, port) -> scenario.way() == Way.IN_PROCESS ? inProcess : new OverHttp(scenario, port));
    }

    @Override
    public String name() {
        return name;
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
        JdbcTemplate journal = application.getBean(JdbcTemplate.class);
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
