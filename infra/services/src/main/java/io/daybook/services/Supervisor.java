package io.daybook.services;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a service again that has ended by itself, with its port and its data, while the others run on. If it does not stay,
 * the pause before the next try grows. What is stopped on purpose is not started again: the supervisor is closed first.
 */
final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A service that has run for so long is started again at once. */
    private static final Duration STEADY = Duration.ofSeconds(60);

    private final Consumer<Service> whenReady;
    private final List<Thread> watches = new CopyOnWriteArrayList<>();

    /**
     * @param whenReady is told of a service that was started again as soon as it answers, on any thread
     */
    Supervisor(Consumer<Service> whenReady) {
        this.whenReady = whenReady;
    }

    /**
     * Watches a service that runs.
     *
     * @param starting starts it, and returns when it answers
     */
    <T extends ProcessService> void keep(T service, Supplier<T> starting) {
        if (service.container() != null) {
            return; // The engine does the same for containers.
        }
        watches.add(Thread.ofVirtual().name(service.name() + "-supervisor").start(() -> {
            try {
                watch(service, starting);
            } catch (InterruptedException e) {
                // It is stopped on purpose.
            }
        }));
    }

    private <T extends ProcessService> void watch(T service, Supplier<T> starting) throws InterruptedException {
        Duration pause = Duration.ZERO;
        while (true) {
            Duration ran = awaitEnd(service);
            if (ran.compareTo(STEADY) >= 0) {
                pause = Duration.ZERO;
            }
            LOG.warn("{} has ended by itself; it is started again after {} s", service.name(), pause.toSeconds());
            Thread.sleep(pause);
            pause = afterNext(pause);
            startAgain(service, starting);
        }
    }

    /** For how long it has run since this was called. */
    private static Duration awaitEnd(ProcessService service) throws InterruptedException {
        long begin = System.nanoTime();
        while (service.isAlive()) {
            Thread.sleep(INTERVAL);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static Duration afterNext(Duration pause) {
        Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private <T extends ProcessService> void startAgain(T service, Supplier<T> starting) throws InterruptedException {
        try {
            service.runsAs(starting.get());
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("{} cannot be started again now: {}", service.name(), e.getMessage());
            return;
        }
        LOG.info("{} runs again; that it had ended, its log {} may explain", service.name(), service.log());
        whenReady.accept(service);
    }

    /** Ends all watches, and waits for a start that is under way to be given up. */
    @Override
    public void close() {
        watches.forEach(Thread::interrupt);
        try {
            for (Thread watch : watches) {
                watch.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
