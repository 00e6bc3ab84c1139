package io.daybook.bench;

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
    public String title() {
        return NAME + " of " + store.label();
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Events that wait in Kafka: %,d, of %d ledgers with %,d accounts each.",
                events,
                History.LEDGERS,
                History.ACCOUNTS);
    }

    @Override
    public String unit() {
        return "events";
    }

    @Override
    public String database() {
        return Database.BOOKS;
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
