package io.daybook.command.aggregate;

import io.daybook.command.settings.CommandSideProperties.Snapshots;
import io.daybook.command.store.SnapshotDelta;
import io.daybook.command.store.SnapshotStore;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots on a thread of its own. To hand over what has changed is to add one reference to a queue, however much
 * it is. What waits when the thread comes to it becomes one for each ledger, so that no more than the ledgers themselves
 * is kept while the store is away.
 */
final class LedgerSnapshotter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerSnapshotter.class);

    private final SnapshotStore snapshots;
    private final Snapshots settings;
    private final Duration stopTimeout;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("ledger-snapshots").factory());
    private final Queue<SnapshotDelta> offered = new ConcurrentLinkedQueue<>();

    /** Only the thread's own. */
    private final Map<LedgerId, SnapshotDelta> waiting = new LinkedHashMap<>();

    /**
     * @param settings when a ledger's changes are written
     * @param stopTimeout how long the end waits for what is under way
     */
    LedgerSnapshotter(SnapshotStore snapshots, Snapshots settings, Duration stopTimeout) {
        this.snapshots = snapshots;
        this.settings = settings;
        this.stopTimeout = stopTimeout;
    }

    /** Whether a ledger has changed so much that it should be handed over. */
    boolean isDue(int accounts, long events) {
        return accounts >= settings.accounts() || events >= settings.events();
    }

    void offer(SnapshotDelta delta) {
        offered.add(delta);
        thread.execute(this::writeAll);
    }

    private void writeAll() {
        for (SnapshotDelta next = next(); next != null; next = next()) {
            try {
                if (!snapshots.write(next)) {
                    LOG.warn(
                            "the snapshot of ledger {} is behind event {}; it goes on when the ledger is opened again",
                            next.ledger(),
                            next.base());
                }
            } catch (RuntimeException e) {
                LOG.warn(
                        "the snapshot of ledger {} could not be written and is tried again: {}",
                        next.ledger(),
                        e.toString());
                waiting.put(next.ledger(), next);
                if (thread.isShutdown() || !pause()) {
                    return;
                }
            }
        }
    }

    private @Nullable SnapshotDelta next() {
        for (SnapshotDelta delta = offered.poll(); delta != null; delta = offered.poll()) {
            waiting.merge(delta.ledger(), delta, SnapshotDelta::followedBy);
        }
        var entries = waiting.values().iterator();
        if (!entries.hasNext()) {
            return null;
        }
        SnapshotDelta next = entries.next();
        entries.remove();
        return next;
    }

    /** False if there is no time left to try again. */
    private boolean pause() {
        try {
            Thread.sleep(settings.retry());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets the snapshots that wait be written, and gives up those that cannot be: the journal has everything. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(stopTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
