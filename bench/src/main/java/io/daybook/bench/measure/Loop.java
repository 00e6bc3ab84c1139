package io.daybook.bench.measure;

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
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Gives commands and takes the time of their answers: in closed loops, where a new one is given when one before it was
 * answered, or by a schedule.
 */
public final class Loop {

    private Loop() {}

    /** Takes a command and answers later, on any thread. */
    public interface Asynchronous {
        /**
         * @param answered is told null, or why it failed
         */
        void submit(Answered answered);
    }

    /** Is told what came of a command. */
    @FunctionalInterface
    public interface Answered {
        void with(@Nullable Throwable failure);
    }

    /** Gives commands from one thread, so many at a time. */
    public static Measured inFlight(int inFlight, Duration duration, Asynchronous target) throws Exception {
        return give(inFlight, duration, number -> System.nanoTime(), target);
    }

    /**
     * @param due when a command, counted from 0, is to be given, as {@link System#nanoTime} has it
     */
    private static Measured give(int inFlight, Duration duration, LongUnaryOperator due, Asynchronous target)
            throws Exception {
        Semaphore places = new Semaphore(inFlight);
        Recorder latencies = new Recorder(3);
        AtomicLong transfers = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        for (long number = 0; failure.get() == null; number++) {
            places.acquire();
            long from = due.applyAsLong(number);
            if (from >= end) {
                places.release();
                break;
            }
            for (long early = from - System.nanoTime(); early > 0; early = from - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            target.submit(problem -> {
                if (problem == null) {
                    latencies.recordValue(System.nanoTime() - from);
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
     * Gives commands from one thread by a schedule, whether those before were answered or not. A latency counts from when a
     * command was due: what is given late because all were late is not told as quick (coordinated omission). All that was
     * due in the time is given, however late.
     *
     * @param schedule when each command is due, counted from 0
     */
    public static Measured atRate(LongUnaryOperator schedule, Duration duration, Asynchronous target) throws Exception {
        return give(Integer.MAX_VALUE, duration, schedule, target);
    }

    /**
     * When each command is due.
     *
     * @param start when the first is, as {@link System#nanoTime} has it
     * @param rate commands a second
     */
    public static LongUnaryOperator schedule(long start, int rate) {
        return number -> start + number * 1_000_000_000L / rate;
    }

    /**
     * Calls workers, each on a thread of its own.
     *
     * @param workers each call makes some transfers and tells how many
     */
    public static Measured threads(Duration duration, List<? extends Callable<Integer>> workers) throws Exception {
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
