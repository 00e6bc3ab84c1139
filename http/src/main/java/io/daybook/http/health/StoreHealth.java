package io.daybook.http.health;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the stores that a side works on answer. It is asked whenever somebody asks for the readiness: without a store that is
 * needed a side is not ready; without one that only some of its work needs it is, and says so.
 */
public final class StoreHealth {

    /** Ready, though not all of the work can be done. */
    public static final Status DEGRADED = new Status("DEGRADED");

    private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

    private static final String MISSING = "missing";

    private final Map<String, HealthIndicator> stores = new LinkedHashMap<>();

    /** Asks a store something, in a few seconds at most. */
    @FunctionalInterface
    public interface Question {

        /**
         * @throws Exception if it does not answer as it should
         */
        void ask() throws Exception;
    }

    /**
     * Adds one without which the side is of no use.
     *
     * @param without what is not done while it is away, as a sentence
     */
    public StoreHealth needs(String store, Question question, String without) {
        return add(store, question, Status.DOWN, without);
    }

    /**
     * Adds one without which the side still is of use.
     *
     * @param without what is not done while it is away, as a sentence
     */
    public StoreHealth uses(String store, Question question, String without) {
        return add(store, question, DEGRADED, without);
    }

    private StoreHealth add(String store, Question question, Status away, String without) {
        stores.put(store, () -> {
            try {
                question.ask();
                return Health.up().build();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return away(away, without);
            } catch (Exception e) {
                // The reason may have addresses in it, which are nothing for whoever asks.
                LOG.warn("{} does not answer: {}", store, e.toString());
                return away(away, without);
            }
        });
        return this;
    }

    private static Health away(Status status, String without) {
        return Health.status(status).withDetail(MISSING, without).build();
    }

    /** All that were added, by their names. */
    public CompositeHealthContributor contributor() {
        return CompositeHealthContributor.fromMap(Map.copyOf(stores));
    }
}
