package io.daybook.projections.replay;

import io.daybook.projections.settings.ProjectionsProperties;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Takes the steps of all replays and repairs, each on a thread of its own: dropping an old generation may take its time. */
final class Replays implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

    private final List<Work> all;
    private final ProjectionsProperties.Replays settings;
    private volatile List<Thread> threads = List.of();

    Replays(List<Work> all, ProjectionsProperties.Replays settings) {
        this.all = all;
        this.settings = settings;
    }

    @Override
    public void start() {
        threads = all.stream()
                .map(work -> Thread.ofVirtual().name("replay").start(() -> run(work)))
                .toList();
    }

    private void run(Work work) {
        String told = "";
        try {
            while (true) {
                try {
                    work.step();
                    told = "";
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    // Its store, or the books, cannot be reached; it goes on when they can.
                    if (!told.equals(e.toString())) {
                        LOG.warn("{} cannot be looked after now; trying again", work, e);
                    }
                    told = e.toString();
                }
                Thread.sleep(work.isUnderWay() ? settings.intervalUnderWay() : settings.interval());
            }
        } catch (InterruptedException e) {
            work.stop();
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
