package io.daybook.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Closed loops: a new command is given when one before it was answered. */
final class Loop {

    private Loop() {}

    /** Takes a command and answers later, on any thread. */
    interface Asynchronous {
        /**
         * @param answered is told null, or why it failed
         */
        void submit(Answered answered);
    }

    /** Is told what came of a command. */
    @FunctionalInterface
    interface Answered {
        void with(@Nullable Throwable failure);
    }

    /** Gives commands from one thread, so many at a time. */
    static Measured inFlight(int inFlight, Duration duration, Asynchronous target) throws Exception {
        Semaphore places = new Semaphore(inFlight);
        Recorder latencies = new Recorder(3);
        AtomicLong transfers = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        while (failure.get() == null && System.nanoTime() < end) {
            places.acquire();
            long given = System.nanoTime();
            target.submit(problem -> {
                if (problem == null) {
                    latencies.recordValue(System.nanoTime() - given);
                    transfers.incrementAndGet();
                } else {
                    failure.set(problem);
                }
                places.release();
            });
        }
        places.acquire(inFlight);
        long nanos = System.nanoTime() - start;
        if (failure.get() != null) {
            throw new IllegalStateException("a command failed, so nothing was measured", failure.get());
        }
        return new Measured(transfers.get(), nanos, latencies.getIntervalHistogram());
    }

    /**
     * Calls workers, each on a thread of its own.
     *
     * @param workers each call makes some transfers and tells how many
     */
    static Measured threads(Duration duration, List<? extends Callable<Integer>> workers) throws Exception {
        Histogram all = Measured.histogram();
        long transfers = 0;
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
            List<Future<Measured>> running = new ArrayList<>();
            for (Callable<Integer> worker : workers) {
                running.add(threads.submit(() -> repeat(worker, end)));
            }
            for (Future<Measured> each : running) {
                Measured measured = each.get();
                transfers += measured.count();
                all.add(measured.latencies());
            }
        }
        return new Measured(transfers, System.nanoTime() - start, all);
    }

    private static Measured repeat(Callable<Integer> worker, long end) throws Exception {
        Histogram latencies = Measured.histogram();
        long transfers = 0;
        long now = System.nanoTime();
        while (now < end) {
            transfers += worker.call();
            long after = System.nanoTime();
            latencies.recordValue(after - now);
            now = after;
        }
        return new Measured(transfers, 0, latencies);
    }
}
