package io.daybook.query.stream;

import io.daybook.events.LedgerId;
import io.daybook.http.ProblemException;
import io.daybook.query.request.Reading.Seen;
import io.daybook.query.store.Notices;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the new events of one ledger, once for all who listen to it. It is woken by notices; while there can be none it
 * looks by itself, and now and then it looks anyway, as a notice may be lost.
 */
final class LedgerFeed {

    /** Reads what comes next. */
    @FunctionalInterface
    interface Source {
        /**
         * @param mustHaveMore whether to wait for a while until there is something
         * @throws ProblemException if there is nothing yet, or the books cannot be read
         */
        Seen<List<StreamMessage>> after(long sequence, boolean mustHaveMore);
    }

    /** Between two looks when the books are known to be behind or notices cannot come. */
    private static final Duration SLOWLY = Duration.ofSeconds(1);

    /** Between two looks when notices come: only one that was lost is found by it. */
    private static final Duration RARELY = Duration.ofSeconds(15);

    private static final long NEVER = -1;

    private static final Logger LOG = LoggerFactory.getLogger(LedgerFeed.class);

    private final LedgerId ledger;
    private final Source source;
    private final LongSupplier subscription;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Listener> listeners = new HashSet<>();

    /** The last event that was given to the listeners. */
    private volatile long position;

    /** The furthest that was ever noticed. */
    private long noticed;

    /** The furthest that was noticed and has not been waited for in vain. */
    private long awaited;

    /** The subscription to notices under which it looked last: what came before another one may have been missed. */
    private long lookedUnder = NEVER;

    /** Whether the last look was in vain: the books could not be read, or did not have what was noticed. */
    private boolean failed;

    private boolean ended;

    /**
     * @param position after which it begins
     * @param subscription the number of the subscription by which notices come, or {@link Notices#NO_SUBSCRIPTION}
     */
    LedgerFeed(LedgerId ledger, long position, Source source, LongSupplier subscription) {
        this.ledger = ledger;
        this.position = position;
        this.noticed = position;
        this.awaited = position;
        this.source = source;
        this.subscription = subscription;
    }

    void start() {
        Thread.ofVirtual().name("feed-" + ledger).start(this::run);
    }

    /**
     * Gives a listener everything after a sequence.
     *
     * @return false if some of it has gone by already, or the feed has ended
     */
    boolean join(Listener listener, long after) {
        lock.lock();
        try {
            if (ended || position > after) {
                return false;
            }
            listener.skipTo(after);
            return listeners.add(listener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the feed if it was the last listener.
     *
     * @return whether the feed has ended
     */
    boolean leave(Listener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
            if (listeners.isEmpty()) {
                ended = true;
                changed.signal();
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The ledger has come to a sequence, if not in the books then in another store. */
    void noticed(long sequence) {
        lock.lock();
        try {
            noticed = Math.max(noticed, sequence);
            awaited = Math.max(awaited, sequence);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitNews()) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the events of ledger {} cannot be streamed", ledger, e);
        } finally {
            end();
        }
    }

    private void look() {
        boolean mustHaveMore = isAwaited();
        try {
            give(source.after(position, mustHaveMore));
        } catch (ProblemException e) {
            LOG.debug("the books of ledger {} have nothing new after {} yet", ledger, position, e);
            giveUp();
        }
    }

    /** Returns when it is time to look, with false when the feed has ended. */
    private boolean awaitNews() throws InterruptedException {
        lock.lock();
        try {
            long left = RARELY.toNanos();
            while (!ended && awaited <= position && left > 0 && lookedUnder == subscription.getAsLong()) {
                left -= SLOWLY.toNanos() - Math.max(0, changed.awaitNanos(SLOWLY.toNanos()));
                if (failed || noticed > position || lookedUnder == Notices.NO_SUBSCRIPTION) {
                    break;
                }
            }
            lookedUnder = subscription.getAsLong();
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAwaited() {
        lock.lock();
        try {
            return awaited > position;
        } finally {
            lock.unlock();
        }
    }

    private void giveUp() {
        lock.lock();
        try {
            awaited = position;
            failed = true;
        } finally {
            lock.unlock();
        }
    }

    private void give(Seen<List<StreamMessage>> seen) {
        List<StreamMessage> messages = seen.value();
        List<Listener> now = moveOn(messages, seen.sequence());
        // Not under the lock: there may be thousands, and who notices something must not wait.
        List<Listener> tooSlow =
                now.stream().filter(listener -> !listener.offer(messages)).toList();
        remove(tooSlow);
    }

    /** Who joins from here on has these messages already. Returns those who have not. */
    private List<Listener> moveOn(List<StreamMessage> messages, long reached) {
        lock.lock();
        try {
            failed = false;
            noticed = Math.max(noticed, reached);
            if (messages.isEmpty()) {
                return List.of();
            }
            position = messages.getLast().sequence();
            // What there is beyond this page is there to be read at once.
            awaited = noticed;
            return List.copyOf(listeners);
        } finally {
            lock.unlock();
        }
    }

    private void remove(List<Listener> tooSlow) {
        lock.lock();
        try {
            tooSlow.forEach(listeners::remove);
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            listeners.forEach(Listener::close);
            listeners.clear();
        } finally {
            lock.unlock();
        }
    }
}
