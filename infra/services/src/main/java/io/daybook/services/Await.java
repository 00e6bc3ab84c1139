package io.daybook.services;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Waits until a service that was started answers. */
final class Await {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration INTERVAL = Duration.ofMillis(50);

    /** Throws if the service does not answer yet. */
    @FunctionalInterface
    interface Probe {
        void check() throws Exception;
    }

    private Await() {}

    /**
     * @throws ServiceException if the service ends or does not answer in time; it tells the end of its log
     */
    static void ready(String name, Running service, Probe probe) {
        Instant deadline = Instant.now().plus(TIMEOUT);
        Exception last = null;
        while (Instant.now().isBefore(deadline)) {
            if (!service.isAlive()) {
                throw failure(name, "ended while it was starting", service, last);
            }
            try {
                probe.check();
                return;
            } catch (Exception notYet) {
                last = notYet;
            }
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(name, "was interrupted while it was starting", service, e);
            }
        }
        throw failure(name, "did not answer within " + TIMEOUT.toSeconds() + " s", service, last);
    }

    private static ServiceException failure(String name, String what, Running service, @Nullable Exception cause) {
        String message = name + " " + what + "; the end of " + service.log() + ":\n" + service.lastLines();
        return cause == null ? new ServiceException(message) : new ServiceException(message, cause);
    }
}
