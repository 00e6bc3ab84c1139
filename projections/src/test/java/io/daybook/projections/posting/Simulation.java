package io.daybook.projections.posting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Processes whose threads run one at a time, in a time of their own that passes only while all of them wait, and in an order
 * that follows from a seed: what went wrong once goes wrong each time.
 */
final class Simulation {

    /** No two things that are to happen at once do; the later may be first. */
    private static final int JITTER_MICROS = 3_000;

    /** Those of the platform: what they wait for most is the database, which is nearer to them than to virtual ones. */
    private static final Executor THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("simulated-", 0).daemon().factory());

    private static final ThreadLocal<Strand> RUNNING = new ThreadLocal<>();

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** The time of the simulation that a thread is of, for what has but one clock; elsewhere the system's. */
    static Clock clockOfThread() {
        return clock(() -> {
            Strand strand = RUNNING.get();
            return strand == null ? Instant.now() : strand.simulation().now;
        });
    }

    private static Clock clock(Supplier<Instant> now) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
    }

    /** The thread that runs was of a process that was killed. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** A process: what it does stops when it is halted, and never goes on when it is killed. */
    static final class Host {

        private final String name;
        private Instant haltedUntil = Instant.MIN;
        private boolean isKilled;

        Host(String name) {
            this.name = name;
        }

        boolean isKilled() {
            return isKilled;
        }

        /**
         * @throws Killed if it is
         */
        void isAlive() {
            if (isKilled) {
                throw new Killed();
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Turn(Instant at, long order, Strand strand) {}

    private final SplittableRandom random;
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparing(Turn::at).thenComparing(Turn::order));
    private final Semaphore back = new Semaphore(0);
    private final List<Note> notes = new ArrayList<>();
    private Instant now = BEGIN;
    private Instant end = BEGIN;
    private boolean isKilling;
    private long order;

    Simulation(SplittableRandom random) {
        this.random = random;
    }

    /** Written only when somebody wants to read it: there are hundreds in each schedule, and most go well. */
    private record Note(Instant at, String what, Object[] arguments) {
        @Override
        public String toString() {
            return "%9.3f s  ".formatted(Duration.between(BEGIN, at).toMillis() / 1e3) + what.formatted(arguments);
        }
    }

    /** What a thread does. */
    private final class Strand {

        private final Host host;
        private final Runnable work;
        private final Semaphore turn = new Semaphore(0);
        private boolean hasBegun;

        Strand(Host host, Runnable work) {
            this.host = host;
            this.work = work;
        }

        Simulation simulation() {
            return Simulation.this;
        }

        void takeTurn() {
            if (hasBegun) {
                turn.release();
            } else {
                hasBegun = true;
                THREADS.execute(this::run);
            }
        }

        private void run() {
            RUNNING.set(this);
            try {
                work.run();
            } catch (Killed killed) {
                // As it was meant to.
            } catch (Throwable e) {
                note("%s: a thread has ended by %s", host, e);
            } finally {
                RUNNING.remove();
                giveTurnTo(next());
            }
        }
    }

    Clock clock() {
        return clock(() -> now);
    }

    SplittableRandom random() {
        return random;
    }

    /** What happened, in order, for who has to find out why. */
    void note(String what, Object... arguments) {
        notes.add(new Note(now, what, arguments));
    }

    List<String> happened() {
        return notes.stream().map(Note::toString).toList();
    }

    private void add(Strand strand, Duration in) {
        Instant at = now.plus(in).plusNanos(1_000L * random.nextInt(JITTER_MICROS));
        turns.add(new Turn(at, order++, strand));
    }

    void start(Host host, Duration in, Runnable work) {
        add(new Strand(host, work), in);
    }

    /**
     * Lets others run, and time pass.
     *
     * @throws Killed if the process has been killed meanwhile
     */
    void pause(Duration time) {
        Strand self = Objects.requireNonNull(RUNNING.get(), "only what was started here can wait");
        add(self, time);
        Strand next = next();
        if (next != self) {
            giveTurnTo(next);
            self.turn.acquireUninterruptibly();
        }
        self.host.isAlive();
    }

    /**
     * Takes it from the queue, and lets time pass until then. Whoever has to wait does that himself, and so hands over to the
     * next at once.
     *
     * @return null if it is the turn of who runs the simulation
     */
    private @Nullable Strand next() {
        while (!isKilling) {
            Turn turn = turns.peek();
            if (turn == null || turn.at().isAfter(end)) {
                return null;
            }
            turns.remove();
            now = turn.at().isAfter(now) ? turn.at() : now;
            Strand strand = turn.strand();
            Instant halted = strand.host.haltedUntil;
            if (halted.isAfter(now)) {
                turns.add(new Turn(halted, order++, strand));
            } else if (strand.hasBegun || !strand.host.isKilled) {
                return strand;
            }
        }
        return null;
    }

    private void giveTurnTo(@Nullable Strand strand) {
        if (strand == null) {
            back.release();
        } else {
            strand.takeTurn();
        }
    }

    /** Its threads stop where they are, and go on at that time as if nothing had been. */
    void halt(Host host, Duration time) {
        host.haltedUntil = now.plus(time);
    }

    /** Its threads end where they are. */
    void kill(Host host) {
        host.isKilled = true;
        host.haltedUntil = Instant.MIN;
        List<Turn> itsOwn =
                turns.stream().filter(turn -> turn.strand().host == host).toList();
        turns.removeAll(itsOwn);
        isKilling = true;
        for (Turn turn : itsOwn) {
            if (turn.strand().hasBegun) {
                turn.strand().takeTurn();
                back.acquireUninterruptibly();
            }
        }
        isKilling = false;
    }

    /** Until a time has passed. */
    void run(Duration time) {
        end = now.plus(time);
        Strand first = next();
        if (first != null) {
            first.takeTurn();
            back.acquireUninterruptibly();
        }
        now = end;
    }

    /** Runs what it is given as threads of a process. */
    ScheduledExecutorService executor(Host host) {
        return new Threads(host);
    }

    private final class Threads extends AbstractExecutorService implements ScheduledExecutorService {

        private final Host host;

        Threads(Host host) {
            this.host = host;
        }

        @Override
        public void execute(Runnable command) {
            start(host, Duration.ZERO, command);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return schedule(
                    () -> {
                        command.run();
                        return true;
                    },
                    delay,
                    unit);
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            Duration in = Duration.of(delay, unit.toChronoUnit());
            Later<V> later = new Later<>(callable, now.plus(in));
            start(host, in, later);
            return later;
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long delay, long period, TimeUnit unit) {
            throw new UnsupportedOperationException("nothing in the feed is done at a fixed rate");
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long delay, long pause, TimeUnit unit) {
            throw new UnsupportedOperationException("nothing in the feed is done with a fixed delay");
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return host.isKilled;
        }

        @Override
        public boolean isTerminated() {
            return host.isKilled;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return host.isKilled;
        }
    }

    private final class Later<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final Instant at;

        Later(Callable<V> callable, Instant at) {
            super(callable);
            this.at = at;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(now, at));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Up to it, and not nothing. */
    Duration upTo(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }

    /** One in so many times. */
    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> @Nullable T oneOf(List<T> all) {
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }
}
