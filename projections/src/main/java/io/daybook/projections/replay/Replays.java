package io.daybook.projections.replay;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Takes the steps of all replays, each on a thread of its own: dropping an old generation may take its time. */
final class Replays implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final List<Replay> replays;
    private volatile List<Thread> threads = List.of();

    Replays(List<Replay> replays) {
        this.replays = replays;
    }

    @Override
    public void start() {
        threads = replays.stream()
                .map(replay -> Thread.ofVirtual().name("replay").start(() -> run(replay)))
                .toList();
    }

    private static void run(Replay replay) {
        String told = "";
        try {
            while (true) {
                try {
                    replay.step();
                    told = "";
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    // Its store, or the books, cannot be reached; it goes on when they can.
                    if (!told.equals(e.toString())) {
                        LOG.warn("the generations of {} cannot be looked after now; trying again", replay, e);
                    }
                    told = e.toString();
                }
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            replay.stop();
        }
    }

    @Override
    public void stop() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads = List.of();
    }

    @Override
    public boolean isRunning() {
        return !threads.isEmpty();
    }
}
