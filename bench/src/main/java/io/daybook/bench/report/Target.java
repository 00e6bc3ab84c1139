package io.daybook.bench.report;

import io.daybook.bench.measure.Measurements;
import io.daybook.bench.measure.Outcome;
import io.daybook.bench.measure.Result;
import io.daybook.bench.memory.MemoryScenario;
import io.daybook.bench.projections.CatchUpScenario;
import io.daybook.bench.projections.LagScenario;
import io.daybook.bench.projections.ReplayScenario;
import io.daybook.bench.projections.SustainedScenario;
import io.daybook.bench.publication.PublicationScenario;
import io.daybook.bench.transfers.GrowthScenario;
import io.daybook.bench.transfers.HotAccountScenario;
import io.daybook.bench.transfers.LatencyScenario;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What Daybook should reach.
 *
 * @param what is measured, in words
 * @param scenario which tells, or with a slash at the end what its name begins with
 * @param isLeast whether the bound is the least there should be; else what is measured should be below it
 * @param found in the scenario's outcome, if who is compared took part
 */
public record Target(
        String what,
        String scenario,
        boolean isLeast,
        double bound,
        Unit unit,
        Function<Outcome, Optional<Double>> found) {

    /** What is measured in. */
    enum Unit {
        TIMES(" ×"),
        MILLIS(" ms"),
        BYTES(" bytes");

        private final String label;

        Unit(String label) {
            this.label = label;
        }

        String of(double value) {
            String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
            String number = String.format(Locale.ROOT, format, value);
            return (number.contains(".") ? number.replaceAll("\\.?0+$", "") : number) + label;
        }
    }

    private static final String STOCK_AXON = "stock Axon";
    private static final String SQL_LEDGER = "SQL ledger";
    private static final String RAW_INSERTS = "raw inserts";

    public static final List<Target> ALL = List.of(
            atLeast(
                    50,
                    "one ledger, in process, 1,024 in flight, against stock Axon",
                    "any_bounded_to_any/1/1024",
                    against(STOCK_AXON)),
            atLeast(
                    15,
                    "64 ledgers, in process, 1,024 in flight, against stock Axon",
                    "any_bounded_to_any/64/1024",
                    against(STOCK_AXON)),
            atLeast(
                    0.6,
                    "one ledger, in process, against raw multi-row inserts of the same bytes",
                    "any_bounded_to_any/1/1024",
                    against(RAW_INSERTS)),
            atLeast(0.9, "a hot account against spread accounts", HotAccountScenario.NAME, Target::againstSecond),
            atLeast(
                    15,
                    "one ledger, in process, against the SQL ledger with its best number of clients",
                    "any_bounded_to_any/1/1024",
                    against(SQL_LEDGER)),
            atLeast(60, "the same with a hot account", "world_to_bank/1/1024", against(SQL_LEDGER)),
            atLeast(
                    3,
                    "over HTTP one by one, 64 connections, against the SQL ledger in process",
                    "any_bounded_to_any/1/64/http",
                    against(SQL_LEDGER)),
            atLeast(
                    15,
                    "over HTTP in batches of 500, against the SQL ledger in process",
                    "any_bounded_to_any/1/64/batches",
                    against(SQL_LEDGER)),
            atLeast(
                    30,
                    "publication to Kafka against Axon's KafkaPublisher, which waits for each acknowledgement",
                    PublicationScenario.NAME + "/",
                    Target::againstSecond),
            atLeast(
                    10,
                    "balances catching up, against a call for each posting's side",
                    CatchUpScenario.NAME + "/balances/",
                    Target::againstSecond),
            atLeast(
                    10,
                    "books catching up, against a transaction for each event",
                    CatchUpScenario.NAME + "/books/",
                    Target::againstSecond),
            atLeast(
                    10,
                    "audit catching up, against a request for each event",
                    CatchUpScenario.NAME + "/audit/",
                    Target::againstSecond),
            atLeast(
                    3,
                    "books replayed into tables without indexes, against catching up as they are live",
                    ReplayScenario.NAME + "/books/",
                    Target::againstSecond),
            atLeast(
                    0.5,
                    "the rate that all projections keep up with, against the write path without them",
                    SustainedScenario.NAME + "/",
                    Target::againstSecond),
            new Target(
                    "from the command until the last projection has it, at the rate that they keep up with, p99",
                    SustainedScenario.NAME + "/",
                    false,
                    1_000,
                    Unit.MILLIS,
                    outcome ->
                            Optional.of(outcome.results().getFirst().latencies().p99Millis())),
            atLeast(
                    0.85,
                    "the rate after 10,000,000 events against that after 100,000",
                    GrowthScenario.NAME + "/10000000",
                    Target::againstSecond),
            new Target(
                    "p99 in process at 2,000 transfers a second, against the median of a durable commit",
                    LatencyScenario.NAME + "/2000",
                    false,
                    5,
                    Unit.TIMES,
                    outcome -> Optional.of(LatencyScenario.commits(outcome.results()))),
            new Target(
                    "lag of every projection at 2,000 transfers a second, p99",
                    LagScenario.NAME + "/2000",
                    false,
                    250,
                    Unit.MILLIS,
                    Target::slowestP99),
            new Target(
                    "memory of a ledger for each account",
                    MemoryScenario.NAME + "/",
                    false,
                    150,
                    Unit.BYTES,
                    outcome -> Optional.of(outcome.results().getFirst().value())));

    private static Target atLeast(
            double bound, String what, String scenario, Function<Outcome, Optional<Double>> found) {
        return new Target(what, scenario, true, bound, Unit.TIMES, found);
    }

    private static Function<Outcome, Optional<Double>> against(String subject) {
        return outcome -> outcome.of(subject).map(outcome.results().getFirst()::ratioTo);
    }

    private static Optional<Double> againstSecond(Outcome outcome) {
        return Optional.of(
                outcome.results().getFirst().ratioTo(outcome.results().get(1)));
    }

    private static Optional<Double> slowestP99(Outcome outcome) {
        return outcome.results().stream()
                .map(Result::latencies)
                .map(Result.Latencies::p99Millis)
                .max(Comparator.naturalOrder());
    }

    /** What is to be chosen on the command line to measure it. */
    public String choice() {
        return scenario.endsWith("/") ? scenario.substring(0, scenario.length() - 1) : scenario;
    }

    /**
     * What was measured.
     *
     * @param scenario the name of the scenario that told
     */
    record Finding(Target target, String scenario, double value) {

        boolean isMet() {
            return target.isLeast() ? value >= target.bound() : value < target.bound();
        }

        String measured() {
            return target.unit().of(value);
        }
    }

    /** Empty if it was not measured. */
    public Optional<Finding> in(Measurements measurements) {
        return measurements
                .of(scenario)
                .flatMap(outcome ->
                        found.apply(outcome).stream().map(value -> new Finding(this, outcome.scenario(), value)))
                .reduce((earlier, later) -> later);
    }

    public String wanted() {
        return (isLeast ? "at least " : "below ") + unit.of(bound);
    }
}
