package io.daybook.bench.projections;

import io.daybook.bench.measure.Scenario;
import io.daybook.bench.transfers.DaybookSubject;
import io.daybook.bench.transfers.Flow;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.bench.transfers.Way;
import java.util.List;
import java.util.Locale;

/**
 * How many transfers all projections keep up with, and how old an event is meanwhile when the last of them has it.
 *
 * @param onTheirWay how many transfers there are at most from the command until the last projection has stored the event
 */
public record SustainedScenario(int onTheirWay) implements Scenario {

    public static final String NAME = "sustained";

    private static final int IN_FLIGHT = 1_024;

    @Override
    public String name() {
        return NAME + "/" + onTheirWay;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Ledgers: 1, with %,d accounts. On their way at a time, from the command until the last projection has"
                        + " stored the event: %,d; a latency is that whole way. Write path, publication and all projections"
                        + " are one process. Compared with the write path and the publication without projections, %,d"
                        + " commands in flight.",
                LagScenario.ACCOUNTS,
                onTheirWay,
                IN_FLIGHT);
    }

    @Override
    public String unit() {
        return "transfers";
    }

    @Override
    public List<Maker> subjects() {
        TransferScenario alone =
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, IN_FLIGHT, Way.IN_PROCESS, LagScenario.ACCOUNTS);
        return List.of(
                services -> new SustainedSubject(onTheirWay, services),
                services ->
                        new DaybookSubject("without projections", alone, 0, services, (inProcess, port) -> inProcess));
    }
}
