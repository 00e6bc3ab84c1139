package io.daybook.bench.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Runs scenarios: each subject warms up, then they take turns, round by round; at the end every book is checked. */
public final class Bench {

    /** A subject is warm when, of a round, the compilers took less than this part of a processor. */
    private static final double QUIET = 0.1;

    /** In how many rounds most subjects are warm. */
    private static final int USUAL_WARM_UP = 4;

    private final Supplier<Map<String, String>> services;
    private final int rounds;
    private final Duration round;
    private final Duration longestWarmUp;

    /**
     * @param services properties of services with an empty database, another one each time
     * @param round how long each subject is measured in each round
     * @param longestWarmUp a subject warms up, round by round, until the JVM's compilers are quiet, or for so long; zero
     *     for none
     */
    public Bench(Supplier<Map<String, String>> services, int rounds, Duration round, Duration longestWarmUp) {
        this.services = services;
        this.rounds = rounds;
        this.round = round;
        this.longestWarmUp = longestWarmUp;
    }

    /** About how long a scenario takes. */
    public Duration planned(Scenario scenario) {
        return plannedToBegin(scenario)
                .plus(scenario.round(round).multipliedBy(rounds))
                .multipliedBy(scenario.subjects().size());
    }

    private Duration plannedToBegin(Scenario scenario) {
        Duration usual = scenario.round(round).multipliedBy(USUAL_WARM_UP);
        return scenario.preparation().plus(usual.compareTo(longestWarmUp) < 0 ? usual : longestWarmUp);
    }

    /**
     * @param steps is told of each, those of {@link #planned} in all
     * @return one result for each subject, in their order
     * @throws AssertionError if the books of a subject are wrong
     */
    public List<Result> run(Scenario scenario, Steps steps) throws Exception {
        List<Subject> subjects = new ArrayList<>();
        List<Result.Rounds> results = new ArrayList<>();
        try (Meter meter = new Meter(services.get())) {
            for (Scenario.Maker maker : scenario.subjects()) {
                steps.begin(
                        scenario.name() + ", " + (subjects.size() + 1) + " of "
                                + scenario.subjects().size() + " gets ready",
                        plannedToBegin(scenario));
                Subject subject = maker.make(services.get());
                subjects.add(subject);
                warmUp(subject);
                subject.rest();
                steps.end(subject.name() + " is ready");
                results.add(new Result.Rounds(subject.name()));
            }
            for (int i = 0; i < rounds; i++) {
                for (int j = 0; j < subjects.size(); j++) {
                    Subject subject = subjects.get(j);
                    steps.begin(
                            scenario.name() + ", round " + (i + 1) + " of " + rounds + ", " + subject.name(),
                            scenario.round(round));
                    Meter.Reading before = meter.read();
                    Profile.Round recorded = Profile.Round.of(subject, j == 0);
                    Measured measured = subject.run(round);
                    recorded.commit();
                    results.get(j)
                            .add(
                                    scenario.value(measured),
                                    measured,
                                    meter.read().since(before));
                    subject.rest();
                    steps.end(told(scenario, measured));
                }
            }
            subjects.forEach(Subject::verify);
        } finally {
            subjects.reversed().forEach(Subject::close);
        }
        return results.stream().map(Result.Rounds::result).toList();
    }

    private static String told(Scenario scenario, Measured measured) {
        return String.format(Locale.ROOT, "%,.0f %s", scenario.value(measured), scenario.measure());
    }

    private void warmUp(Subject subject) throws Exception {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        long end = System.nanoTime() + longestWarmUp.toNanos();
        double busy = 1;
        while (busy > QUIET && System.nanoTime() < end) {
            long start = System.nanoTime();
            long compiledMillis = compilers.getTotalCompilationTime();
            subject.run(round);
            busy = (compilers.getTotalCompilationTime() - compiledMillis) * 1e6 / (System.nanoTime() - start);
        }
    }
}
