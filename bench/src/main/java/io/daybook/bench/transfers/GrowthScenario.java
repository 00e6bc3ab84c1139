package io.daybook.bench.transfers;

import io.daybook.bench.measure.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What is left of the rate when the journal is long.
 *
 * @param events how many the long journal has before anything is measured; the other has a hundredth
 * @param accounts how many accounts the ledgers have together
 */
public record GrowthScenario(long events, int accounts) implements Scenario {

    public static final String NAME = "growth";

    private static final int LEDGERS = 8;
    private static final int IN_FLIGHT = 1_024;
    private static final int LONGER = 100;

    /** For the time that is told to be left. */
    private static final int ABOUT_A_SECOND = 25_000;

    @Override
    public String name() {
        return NAME + "/" + events;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, in process, with a long journal and a short one. Ledgers: %d, with %,d accounts together. In"
                        + " flight: %,d.",
                Flow.ANY_BOUNDED_TO_ANY.words(),
                LEDGERS,
                accounts,
                IN_FLIGHT);
    }

    @Override
    public String unit() {
        return "transfers";
    }

    @Override
    public Duration preparation() {
        return Duration.ofSeconds((events + events / LONGER + 2L * accounts) / ABOUT_A_SECOND / 2);
    }

    @Override
    public List<Maker> subjects() {
        return List.of(after(events), after(events / LONGER));
    }

    private Maker after(long history) {
        TransferScenario transfers = new TransferScenario(
                Flow.ANY_BOUNDED_TO_ANY, LEDGERS, IN_FLIGHT, Way.IN_PROCESS, Math.max(2, accounts / LEDGERS));
        return services -> new DaybookSubject(
                String.format(Locale.ROOT, "Daybook after %,d events", history),
                transfers,
                history,
                services,
                (inProcess, port) -> inProcess);
    }
}
