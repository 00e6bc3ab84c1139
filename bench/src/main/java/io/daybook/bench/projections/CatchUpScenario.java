package io.daybook.bench.projections;

import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How fast projections apply events that wait in Kafka.
 *
 * @param stores those of the projections, which work at the same time
 * @param events how many wait; for what it is compared with a tenth, as that takes its time
 */
public record CatchUpScenario(List<Store.Kind> stores, int events) implements Scenario {

    public static final String NAME = "projection_catch_up";

    private static final int MORE_THAN_ONE_BY_ONE = 10;

    /** Of all projections together. */
    public static final String ALL = "all";

    public static CatchUpScenario all(int events) {
        return new CatchUpScenario(List.of(Store.Kind.values()), events);
    }

    @Override
    public String name() {
        return NAME + "/" + label() + "/" + events;
    }

    private String label() {
        return stores.size() == 1 ? stores.getFirst().label() : ALL;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s: events that wait in Kafka: %,d, and a tenth of them where they are applied one by one. Ledgers: %d,"
                        + " with %,d accounts each.",
                stores.size() == 1 ? "The projection " + stores.getFirst().label() : "All projections at the same time",
                events,
                SampleHistory.LEDGERS,
                SampleHistory.ACCOUNTS);
    }

    @Override
    public String unit() {
        return "events";
    }

    /** As long as all of it takes, in the mean of both. */
    @Override
    public Duration round(Duration wanted) {
        return Duration.ofSeconds(3 + events / 2_000);
    }

    @Override
    public List<Maker> subjects() {
        return List.of(
                services -> new CatchUpSubject(
                        "Daybook",
                        stores,
                        events,
                        services,
                        (own, before) -> new DaybookProjections(stores, own, before)),
                services -> new CatchUpSubject(
                        stores.stream().map(Store.Kind::oneByOne).collect(Collectors.joining(", ")),
                        stores,
                        events / MORE_THAN_ONE_BY_ONE,
                        services,
                        (own, before) -> new OneByOne(Store.open(stores, own), own)));
    }
}
