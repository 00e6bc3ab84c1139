package io.daybook.bench;

import java.util.List;
import java.util.Locale;

/**
 * How fast events that wait in the event store reach Kafka.
 *
 * @param events how many wait
 */
record PublicationScenario(int events) implements Scenario {

    static final String NAME = "publication";

    @Override
    public String name() {
        return NAME + "/" + events;
    }

    @Override
    public String title() {
        return NAME;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT, "Events that wait in the event store: %,d, of %d ledgers.", events, History.LEDGERS);
    }

    @Override
    public String unit() {
        return "events";
    }

    @Override
    public List<Maker> subjects() {
        return List.of(
                services -> new PublicationSubject("Daybook", events, services, DaybookPublication::new),
                services -> new PublicationSubject("Axon's KafkaPublisher", events, services, StockPublication::new));
    }
}
