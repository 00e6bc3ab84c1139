package io.daybook.bench.publication;

import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How fast events that wait in the event store reach Kafka.
 *
 * @param events how many wait
 */
public record PublicationScenario(int events) implements Scenario {

    public static final String NAME = "publication";

    @Override
    public String name() {
        return NAME + "/" + events;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Events reach Kafka that wait in the event store: %,d, of %d ledgers.",
                events,
                SampleHistory.LEDGERS);
    }

    @Override
    public String unit() {
        return "events";
    }

    /** As long as all of it takes, in the mean of both. */
    @Override
    public Duration round(Duration wanted) {
        return Duration.ofSeconds(2 + events / 2_000);
    }

    @Override
    public List<Maker> subjects() {
        return List.of(
                services -> new PublicationSubject("Daybook", events, services, DaybookPublication::new),
                services -> new PublicationSubject("Axon's KafkaPublisher", events, services, StockPublication::new));
    }
}
