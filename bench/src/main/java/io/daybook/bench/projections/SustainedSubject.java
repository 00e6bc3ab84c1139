package io.daybook.bench.projections;

import io.daybook.bench.measure.Expected;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.setup.Applications;
import io.daybook.bench.transfers.InProcess;
import io.daybook.command.CommandSide;
import io.daybook.projections.ProjectionsConfiguration;
import io.daybook.projections.posting.RunningProjection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** All of Daybook that writes. A new transfer is given when the last projection has stored one before it. */
final class SustainedSubject implements Subject {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ConfigurableApplicationContext commandSide;
    private final ConfigurableApplicationContext readSide;
    private final List<RunningProjection> projections;
    private final InProcess inProcess;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** When each of those that are on their way was given. */
    private final long[] given;

    /** How many events there should be. */
    private long events;

    SustainedSubject(int onTheirWay, Map<String, String> services) {
        given = new long[onTheirWay];
        commandSide = Applications.serve(services, CommandSide.class);
        readSide = Applications.start(services, ProjectionsConfiguration.class);
        projections = Stream.of(Store.Kind.values())
                .map(store -> readSide.getBean(store.label() + "Projection", RunningProjection.class))
                .toList();
        inProcess = LagScenario.transfers(commandSide);
        events = inProcess.open();
    }

    @Override
    public String name() {
        return "all projections";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        await(events);
        Histogram ages = Measured.histogram();
        long before = events;
        long seen = before;
        long start = System.nanoTime();
        long now = start;
        while (now - start < duration.toNanos() || seen < events) {
            // One ledger takes its transfers in their order: an event's number tells which transfer it was.
            for (long stored = stored(); seen < stored; seen++) {
                ages.recordValue(now - given[(int) (seen % given.length)]);
            }
            for (; now - start < duration.toNanos() && events - seen < given.length; events++) {
                given[(int) (events % given.length)] = now;
                inProcess.submit(this::answered);
            }
            requireGoingOn(start, duration);
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            now = System.nanoTime();
        }
        return new Measured(events - before, now - start, ages);
    }

    private void answered(@Nullable Throwable problem) {
        if (problem != null) {
            failure.set(problem);
        }
    }

    private void await(long wanted) {
        long start = System.nanoTime();
        while (stored() < wanted) {
            requireGoingOn(start, Duration.ZERO);
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void requireGoingOn(long start, Duration duration) {
        if (failure.get() != null) {
            throw new IllegalStateException("a command failed, so nothing was measured", failure.get());
        }
        if (System.nanoTime() - start > duration.plus(PATIENCE).toNanos()) {
            throw new IllegalStateException("a projection is more than " + PATIENCE + " behind");
        }
    }

    /** What all have, by their positions. The only ledger is in one partition of a new topic. */
    private long stored() {
        return projections.stream()
                .mapToLong(projection -> projection.positions().values().stream()
                        .mapToLong(offset -> offset + 1)
                        .sum())
                .min()
                .orElseThrow();
    }

    @Override
    public void verify() {
        Expected.require("events", events, stored());
    }

    @Override
    public void close() {
        readSide.close();
        commandSide.close();
    }
}
