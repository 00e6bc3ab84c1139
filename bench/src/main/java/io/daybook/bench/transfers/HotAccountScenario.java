package io.daybook.bench.transfers;

import io.daybook.bench.measure.Scenario;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is left of the rate when all transfers meet at one account.
 *
 * @param accounts how many the transfers are spread over where they do not
 */
public record HotAccountScenario(int accounts) implements Scenario {

    public static final String NAME = "hot_account";

    private static final int IN_FLIGHT = 1_024;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "From the world, in process, to one account and to any of %,d. Ledgers: 1. In flight: %,d.",
                accounts,
                IN_FLIGHT);
    }

    @Override
    public String unit() {
        return "transfers";
    }

    @Override
    public List<Maker> subjects() {
        return Stream.of(Flow.WORLD_TO_BANK, Flow.WORLD_TO_ANY).map(this::of).toList();
    }

    private Maker of(Flow flow) {
        TransferScenario transfers = new TransferScenario(flow, 1, IN_FLIGHT, Way.IN_PROCESS, accounts);
        return services ->
                new DaybookSubject("Daybook, " + flow.label(), transfers, 0, services, (inProcess, port) -> inProcess);
    }
}
