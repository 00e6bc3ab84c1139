package io.daybook.bench.projections;

import io.daybook.bench.history.SampleHistory;
import io.daybook.projections.audit.AuditConfiguration;
import io.daybook.projections.balances.BalancesConfiguration;
import io.daybook.projections.books.BooksConfiguration;
import io.daybook.projections.projection.PublishedEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A store that events are posted to, and the first way that one thinks of for doing so. */
public interface Store extends AutoCloseable {

    /** The stores, by the names of their projections. */
    enum Kind {
        BALANCES(BalancesConfiguration.class, BalancesInRedis::new, "a call for each posting's side"),
        BOOKS(BooksConfiguration.class, BooksStore::new, "a transaction for each event"),
        AUDIT(AuditConfiguration.class, AuditStore::new, "a request for each event");

        private final Class<?> projection;
        private final Function<Map<String, String>, Store> opening;
        private final String oneByOne;

        Kind(Class<?> projection, Function<Map<String, String>, Store> opening, String oneByOne) {
            this.projection = projection;
            this.opening = opening;
            this.oneByOne = oneByOne;
        }

        /** The configuration of Daybook's projection. */
        public Class<?> projection() {
            return projection;
        }

        /** What writing to it event by event is called. */
        public String oneByOne() {
            return oneByOne;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Opens stores, to be written to one after the other.
     *
     * @param services properties of an application
     */
    static Store open(List<Kind> kinds, Map<String, String> services) {
        List<Store> stores =
                kinds.stream().map(kind -> kind.opening.apply(services)).toList();
        return new Store() {
            @Override
            public void write(PublishedEvent event) throws Exception {
                for (Store store : stores) {
                    store.write(event);
                }
            }

            @Override
            public void verify(long events) throws Exception {
                for (Store store : stores) {
                    store.verify(events);
                }
            }

            @Override
            public void close() throws Exception {
                for (Store store : stores) {
                    store.close();
                }
            }
        };
    }

    /** Writes one event with calls of its own. */
    void write(PublishedEvent event) throws Exception;

    /**
     * @param events how many of a {@link SampleHistory} it should have
     * @throws AssertionError if it has others
     */
    void verify(long events) throws Exception;
}
