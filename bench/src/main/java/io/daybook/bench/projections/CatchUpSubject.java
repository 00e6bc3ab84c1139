package io.daybook.bench.projections;

import io.daybook.bench.history.PublishedHistory;
import io.daybook.bench.measure.Backlog;
import io.daybook.bench.measure.Backlog.Worker;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Applies events that wait in Kafka to stores. Each round there are as many more, of the same ledgers. */
final class CatchUpSubject implements Subject {

    /** Starts to apply what waits. */
    @FunctionalInterface
    interface Starter {
        /**
         * @param before how many events were applied in earlier rounds, and do not count
         */
        Worker start(Map<String, String> services, long before) throws Exception;
    }

    private final String name;
    private final List<Store.Kind> stores;
    private final int events;
    private final Map<String, String> services;
    private final Starter starter;
    private final PublishedHistory history;
    private long applied;

    /**
     * @param events how many wait each round
     */
    CatchUpSubject(String name, List<Store.Kind> stores, int events, Map<String, String> services, Starter starter)
            throws Exception {
        this.name = name;
        this.stores = stores;
        this.events = events;
        this.services = services;
        this.starter = starter;
        this.history = new PublishedHistory(services);
    }

    @Override
    public String name() {
        return name;
    }

    /** However long it takes: a round is a whole backlog. */
    @Override
    public Measured run(Duration duration) throws Exception {
        history.publish(events);
        Measured measured = Backlog.workOff(events, () -> starter.start(services, applied));
        applied += measured.count();
        return measured;
    }

    @Override
    public void rest() {
        if (stores.contains(Store.Kind.BOOKS)) {
            SubjectDatabase.vacuum(services, SubjectDatabase.BOOKS);
        }
    }

    @Override
    public void verify() {
        try (Store store = Store.open(stores, services)) {
            store.verify(applied);
        } catch (Exception e) {
            throw new AssertionError("what was applied cannot be read", e);
        }
    }

    @Override
    public void close() {
        history.close();
    }
}
