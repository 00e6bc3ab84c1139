package io.daybook.query.stream;

import io.daybook.events.LedgerId;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.settings.QuerySideProperties.Stream;
import io.daybook.query.store.Notices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.context.SmartLifecycle;

/**
 * All who listen to ledgers on this node, and the feeds that they share. It stops before the web server does, so that a
 * graceful shutdown does not wait for streams, which have no end of their own.
 */
public final class LedgerStreams implements SmartLifecycle {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final LedgerHistory history;
    private final Notices notices;
    private final Stream settings;
    private final Map<LedgerId, LedgerFeed> feeds = new ConcurrentHashMap<>();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private final Semaphore reading;
    private volatile boolean running;
    private volatile boolean stopping;

    /**
     * @param settings with the most listeners of a node, and how many connections read the books for them at the same time: after
     *     a restart thousands want to, and others have questions too
     */
    LedgerStreams(LedgerHistory history, Notices notices, Stream settings) {
        this.history = history;
        this.settings = settings;
        this.places = new Semaphore(settings.maxListeners());
        this.reading = new Semaphore(settings.readers(), true);
        this.notices = notices;
    }

    /**
     * Takes a place for a listener, which must {@link #leave} it.
     *
     * @throws ProblemException {@code overloaded} if there is none, {@code unavailable} if this node is about to stop
     */
    Listener enter() {
        if (!places.tryAcquire()) {
            throw refusal(
                    ProblemCode.OVERLOADED,
                    "this node has " + settings.maxListeners()
                            + " listeners, as many as it takes; try again, or another node");
        }
        Listener listener = new Listener();
        listeners.add(listener);
        if (stopping) {
            listeners.remove(listener);
            places.release();
            throw refusal(ProblemCode.UNAVAILABLE, "this node is about to stop; try again");
        }
        return listener;
    }

    private static ProblemException refusal(ProblemCode code, String detail) {
        return new ProblemException(Problem.of(code, detail), RETRY_AFTER);
    }

    /**
     * How far a ledger has come. Who asks waits for a turn at the books, not for the ledger in that turn.
     *
     * @throws ProblemException {@code ledger-not-found}, {@code projection-behind} or {@code unavailable}
     */
    long position(LedgerId ledger, Freshness freshness) {
        return freshness
                .await(ledger, () -> {
                    reading.acquireUninterruptibly();
                    try {
                        return history.position(ledger, freshness);
                    } finally {
                        reading.release();
                    }
                })
                .value();
    }

    /**
     * Gives a listener everything after a sequence, as it happens.
     *
     * @return false if some of it has gone by already, so that it must be read {@linkplain #past from the past}
     */
    boolean join(LedgerId ledger, Listener listener, long after) {
        boolean[] joined = {false};
        feeds.compute(ledger, (id, existing) -> {
            if (existing != null && !existing.hasEnded()) {
                joined[0] = existing.join(listener, after);
                return existing;
            }
            LedgerFeed feed = new LedgerFeed(
                    ledger,
                    after,
                    (sequence, mustHaveMore) ->
                            history.after(ledger, sequence, new Freshness(mustHaveMore ? sequence + 1 : 0, true)),
                    notices::subscription);
            joined[0] = feed.join(listener, after);
            feed.start();
            return feed;
        });
        return joined[0];
    }

    /** How many listen on this node. */
    public int listeners() {
        return listeners.size();
    }

    /**
     * What there is after a sequence; at least one message.
     *
     * @throws ProblemException {@code projection-behind} or {@code unavailable}
     */
    Seen<List<StreamMessage>> past(LedgerId ledger, long sequence) throws InterruptedException {
        reading.acquire();
        try {
            return history.after(ledger, sequence, new Freshness(sequence + 1, true));
        } finally {
            reading.release();
        }
    }

    /** The end of what {@link #enter} began. */
    void leave(LedgerId ledger, Listener listener) {
        feeds.computeIfPresent(ledger, (id, feed) -> feed.leave(listener) ? null : feed);
        listeners.remove(listener);
        places.release();
    }

    private void noticed(LedgerId ledger, long sequence) {
        LedgerFeed feed = feeds.get(ledger);
        if (feed != null) {
            feed.noticed(sequence);
        }
    }

    @Override
    public void start() {
        running = true;
        notices.listen(this::noticed);
    }

    @Override
    public void stop() {
        stopping = true;
        running = false;
        listeners.forEach(Listener::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
