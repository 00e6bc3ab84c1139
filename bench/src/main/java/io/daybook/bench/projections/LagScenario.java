package io.daybook.bench.projections;

import io.daybook.bench.measure.Scenario;
import io.daybook.bench.transfers.Flow;
import io.daybook.bench.transfers.InProcess;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.bench.transfers.Way;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.context.ApplicationContext;

/**
 * How old an event is when a projection has it, all projections at work and transfers coming at a steady rate.
 *
 * @param rate transfers a second
 */
public record LagScenario(int rate) implements Scenario {

    public static final String NAME = "lag_at_rate";

    static final int ACCOUNTS = 10_000;

    @Override
    public String name() {
        return NAME + "/" + rate;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Transfers a second, by a schedule: %,d. Ledgers: 1, with %,d accounts. Write path, publication and all"
                        + " projections are one process. A latency counts from when the transfer was due until the"
                        + " projection has stored it and how far it has come; Elasticsearch then makes it searchable"
                        + " within its refresh interval.",
                rate,
                ACCOUNTS);
    }

    @Override
    public String unit() {
        return "events";
    }

    /** Each is the whole of Daybook, looked at from another side: the others work as well. */
    @Override
    public List<Maker> subjects() {
        return Stream.of(Store.Kind.values())
                .<Maker>map(store -> services -> new LagSubject(store, rate, services))
                .toList();
    }

    /** Gives an application the transfers of all scenarios that have every projection at work. */
    static InProcess transfers(ApplicationContext application) {
        return new InProcess(
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, Integer.MAX_VALUE, Way.IN_PROCESS, ACCOUNTS),
                application.getBean(CommandBus.class));
    }
}
