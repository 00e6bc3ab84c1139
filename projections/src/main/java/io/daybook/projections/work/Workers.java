package io.daybook.projections.work;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Takes the steps of several pieces of work, each on a thread of its own, until it is stopped. */
public final class Workers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final String name;
    private final List<? extends Work> all;
    private volatile boolean isStopping;
    private volatile List<Thread> threads = List.of();

    /**
     * @param name of the threads
     */
    public Workers(String name, List<? extends Work> all) {
        this.name = name;
        this.all = List.copyOf(all);
    }

    @Override
    public void start() {
        isStopping = false;
        threads = all.stream()
                .map(work -> Thread.ofVirtual().name(name).start(() -> run(work)))
                .toList();
    }

    /** What fails is told once, until it is something else. */
    private void run(Work work) {
        String told = "";
        while (!isStopping) {
            try {
                work.step();
                told = "";
            } catch (InterruptedException e) {
                break;
            } catch (Exception e) {
                // A store cannot be reached; it goes on when it can. What is interrupted fails in as many ways as there
                // are stores.
                if (!isStopping && !told.equals(e.toString())) {
                    LOG.warn("{} cannot be looked after now; trying again", work, e);
                }
                told = e.toString();
            }
            try {
                Thread.sleep(work.pause());
            } catch (InterruptedException e) {
                break;
            }
        }
        work.stop();
    }

    @Override
    public void stop() {
        isStopping = true;
        all.forEach(Work::stopping);
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
