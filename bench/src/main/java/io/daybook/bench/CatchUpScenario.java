package io.daybook.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How fast a projection applies events that wait in Kafka.
 *
 * @param events how many wait
 */
record CatchUpScenario(Store.Kind store, int events) implements Scenario {

    static final String NAME = "projection_catch_up";

    @Override
    public String name() {
        return NAME + "/" + store.label() + "/" + events;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "The projection %s applies events that wait in Kafka: %,d, of %d ledgers with %,d accounts each.",
                store.label(),
                events,
                History.LEDGERS,
                History.ACCOUNTS);
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
                        "Daybook", this, services, (own, before) -> new DaybookProjection(store, own, before)),
                services -> new CatchUpSubject(
                        store.oneByOne(), this, services, (own, before) -> new OneByOne(store.open(own), own)));
    }
}
