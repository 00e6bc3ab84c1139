package io.daybook.query.store;

import io.daybook.http.ProblemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer when a store that a query needs cannot be read. */
final class Unavailable {

    private static final Logger LOG = LoggerFactory.getLogger(Unavailable.class);

    /** One line a second tells as much as one for every query. */
    private static final Rest LOGGED = new Rest(Duration.ofSeconds(1));

    private Unavailable() {}

    static ProblemException because(String store, Throwable cause) {
        if (LOGGED.isOver()) {
            LOGGED.begin();
            LOG.warn("{} cannot be read: {}", store, cause.toString());
        }
        return ProblemException.unavailable(
                store + " cannot be read at the moment, and this query needs it; try again");
    }
}
