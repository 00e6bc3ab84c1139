package io.daybook.query.store;

import io.daybook.events.LedgerId;
import io.daybook.query.request.LedgerProgress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the queries that wait for a store. However many they are, the store is asked one question at a time for all of
 * them; while nobody waits it is not asked at all.
 */
final class Arrivals implements LedgerProgress {

    /** Between two questions. A projection's batch takes about as long. */
    private static final Duration STEP = Duration.ofMillis(15);

    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private record Waiting(LedgerId ledger, long sequence, CountDownLatch arrived) {}

    /** Why a ledger will not come to a sequence by itself, if it will not. */
    @FunctionalInterface
    interface Obstacles {
        Optional<String> of(LedgerId ledger, long sequence);
    }

    private final Function<Set<LedgerId>, Map<LedgerId, Long>> positions;
    private final Obstacles obstacles;
    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean asking = new AtomicBoolean();

    /**
     * @param positions how far ledgers have come, without those that are not there; throws if the store cannot be read
     */
    Arrivals(Function<Set<LedgerId>, Map<LedgerId, Long>> positions, Obstacles obstacles) {
        this.positions = positions;
        this.obstacles = obstacles;
    }

    @Override
    public Optional<String> obstacle(LedgerId ledger, long sequence) {
        return obstacles.of(ledger, sequence);
    }

    @Override
    public void await(LedgerId ledger, long sequence, Duration atMost) throws InterruptedException {
        Waiting waiting = new Waiting(ledger, sequence, new CountDownLatch(1));
        all.add(waiting);
        try {
            ask();
            waiting.arrived().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            all.remove(waiting);
        }
    }

    private void ask() {
        if (asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("arrivals").start(this::askWhileSomebodyWaits);
        }
    }

    private void askWhileSomebodyWaits() {
        try {
            while (!all.isEmpty()) {
                Thread.sleep(STEP);
                wake();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asking.set(false);
            if (!all.isEmpty()) {
                // It came after the last look and before the line above.
                ask();
            }
        }
    }

    private void wake() {
        Set<LedgerId> ledgers = all.stream().map(Waiting::ledger).collect(Collectors.toSet());
        if (ledgers.isEmpty()) {
            return;
        }
        try {
            Map<LedgerId, Long> reached = positions.apply(ledgers);
            all.stream()
                    .filter(waiting -> reached.getOrDefault(waiting.ledger(), -1L) >= waiting.sequence())
                    .forEach(waiting -> waiting.arrived().countDown());
        } catch (RuntimeException e) {
            LOG.debug("positions cannot be read; each query finds out itself", e);
            all.forEach(waiting -> waiting.arrived().countDown());
        }
    }
}
