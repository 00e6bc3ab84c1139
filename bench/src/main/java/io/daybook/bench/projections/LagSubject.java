package io.daybook.bench.projections;

import io.daybook.bench.measure.Expected;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.setup.Applications;
import io.daybook.bench.transfers.InProcess;
import io.daybook.command.CommandSide;
import io.daybook.projections.ProjectionsConfiguration;
import io.daybook.projections.posting.RunningProjection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.springframework.context.ConfigurableApplicationContext;

/** All of Daybook that writes, with a look at how far one projection has come. */
final class LagSubject implements Subject {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Store.Kind store;
    private final int rate;
    private final ConfigurableApplicationContext commandSide;
    private final ConfigurableApplicationContext readSide;
    private final RunningProjection projection;
    private final InProcess inProcess;

    /** How many events there should be. */
    private long events;

    LagSubject(Store.Kind store, int rate, Map<String, String> services) {
        this.store = store;
        this.rate = rate;
        commandSide = Applications.serve(services, CommandSide.class);
        readSide = Applications.start(services, ProjectionsConfiguration.class);
        projection = readSide.getBean(store.label() + "Projection", RunningProjection.class);
        inProcess = LagScenario.transfers(commandSide);
        events = inProcess.open();
    }

    @Override
    public String name() {
        return store.label();
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        awaitAll();
        LongUnaryOperator schedule = Loop.schedule(System.nanoTime(), rate);
        long before = events;
        CompletableFuture<Measured> transfers = CompletableFuture.supplyAsync(() -> {
            try {
                return Loop.atRate(schedule, duration, inProcess::submit);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        // One ledger takes its transfers in their order: an event's number tells which transfer it was.
        Histogram ages = Measured.histogram();
        long seen = before;
        long start = System.nanoTime();
        while (!transfers.isDone() || seen < before + transfers.get().count()) {
            long stored = stored();
            long now = System.nanoTime();
            for (; seen < stored; seen++) {
                ages.recordValue(Math.max(0, now - schedule.applyAsLong(seen - before)));
            }
            requirePatience(start, duration);
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        long count = transfers.get().count();
        events += count;
        return new Measured(count, System.nanoTime() - start, ages);
    }

    private void awaitAll() {
        long start = System.nanoTime();
        while (stored() < events) {
            requirePatience(start, Duration.ZERO);
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private static void requirePatience(long start, Duration duration) {
        if (System.nanoTime() - start > duration.plus(PATIENCE).toNanos()) {
            throw new IllegalStateException("the projection is more than " + PATIENCE + " behind");
        }
    }

    /** By its positions, which move when a batch is committed. The only ledger is in one partition of a new topic. */
    private long stored() {
        return projection.positions().values().stream()
                .mapToLong(offset -> offset + 1)
                .sum();
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
