package io.daybook.bench.projections;

import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Scenario;
import java.util.List;
import java.util.Locale;

/**
 * How fast the books are replayed, from the request until the new ones are live, against catching up as they are live.
 *
 * @param events how many there are altogether
 */
public record ReplayScenario(int events) implements Scenario {

    public static final String NAME = "replay";

    @Override
    public String name() {
        return NAME + "/" + Store.Kind.BOOKS.label() + "/" + events;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Events: %,d, of %d ledgers with %,d accounts each. A replay counts from when it is asked for until the"
                        + " new books have their indexes, are checked and are live; this history is in no event store"
                        + " that samples could be taken from. What autovacuum would do of either is done after each"
                        + " round.",
                events,
                SampleHistory.LEDGERS,
                SampleHistory.ACCOUNTS);
    }

    @Override
    public String unit() {
        return "events";
    }

    @Override
    public List<Maker> subjects() {
        List<Store.Kind> books = List.of(Store.Kind.BOOKS);
        return List.of(
                services -> new ReplaySubject(events, services),
                services -> new CatchUpSubject(
                        "the live books",
                        books,
                        events,
                        services,
                        (own, before) -> new DaybookProjections(books, own, before)));
    }
}
