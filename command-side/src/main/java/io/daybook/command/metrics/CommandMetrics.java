package io.daybook.command.metrics;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.bus.BatchListener;
import io.daybook.command.ledger.Rejection;
import io.daybook.command.reply.Problems;
import io.daybook.http.ProblemCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What came of commands, and how long it took. Outcomes are added up for a batch before they are counted. */
final class CommandMetrics implements BatchListener {

    private static final Duration[] LATENCIES = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000);
    private static final double[] SIZES = {1, 3, 10, 30, 100, 300, 1_000, 3_000};

    private final MeterRegistry registry;
    private final Timer latency;
    private final DistributionSummary size;
    private final Timer handling;
    private final Timer commit;
    private final Counter accepted;
    private final Counter repeated;
    private final Counter unchanged;
    private final Counter failed;
    private final Counter notTaken;

    /** Each kind of rejection has one code. */
    private final Map<Class<? extends Rejection>, Counter> refused = new ConcurrentHashMap<>();

    CommandMetrics(MeterRegistry registry) {
        this.registry = registry;
        latency = timer("daybook.command", "From when a command is put on the bus until it is answered");
        handling = timer("daybook.batch.handling", "Deciding on all commands of a batch");
        commit = timer("daybook.batch.commit", "Writing the events of a batch and committing them");
        size = DistributionSummary.builder("daybook.batch")
                .baseUnit("commands")
                .description("Commands that were committed together")
                .serviceLevelObjectives(SIZES)
                .register(registry);
        accepted = outcome("accepted", "none");
        repeated = outcome("repeated", "none");
        unchanged = outcome("unchanged", "none");
        failed = outcome("failed", "none");
        notTaken = outcome("refused", ProblemCode.OVERLOADED.code());
    }

    private static Duration[] millis(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    private Counter outcome(String outcome, String code) {
        return Counter.builder("daybook.commands")
                .description("What came of commands; each transaction of a batch counts for itself")
                .tag("outcome", outcome)
                .tag("code", code)
                .register(registry);
    }

    @Override
    public void committed(Batch batch) {
        int taken = 0;
        int known = 0;
        int standing = 0;
        for (Object result : batch.results()) {
            for (Outcome outcome : ((LedgerAnswer) result).outcomes()) {
                switch (outcome) {
                    case Outcome.Recorded recorded -> {
                        if (recorded.repeated()) {
                            known++;
                        } else {
                            taken++;
                        }
                    }
                    case Outcome.Unchanged same -> {
                        if (same.repeated()) {
                            known++;
                        } else {
                            standing++;
                        }
                    }
                    case Outcome.Stood stood -> standing++;
                    case Outcome.Refused(Rejection rejection) ->
                        refused(rejection).increment();
                }
            }
        }
        accepted.increment(taken);
        repeated.increment(known);
        unchanged.increment(standing);
        size.record(batch.results().length);
        handling.record(batch.handlingNanos(), TimeUnit.NANOSECONDS);
        commit.record(batch.commitNanos(), TimeUnit.NANOSECONDS);
        for (long nanos : batch.nanos()) {
            latency.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Counter refused(Rejection rejection) {
        Counter counter = refused.get(rejection.getClass());
        return counter != null
                ? counter
                : refused.computeIfAbsent(
                        rejection.getClass(),
                        kind -> outcome("refused", Problems.of(rejection).code()));
    }

    @Override
    public void failed(int commands) {
        failed.increment(commands);
    }

    @Override
    public void notTaken() {
        notTaken.increment();
    }
}
