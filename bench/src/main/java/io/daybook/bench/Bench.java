package io.daybook.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;

/** Runs scenarios: each subject warms up, then they take turns, round by round; at the end every book is checked. */
final class Bench {

    /** A subject is warm when, of a round, the compilers took less than this part of a processor. */
    private static final double QUIET = 0.1;

    private final Supplier<Map<String, String>> services;
    private final int rounds;
    private final Duration round;
    private final Duration longestWarmUp;

    /**
     * @param services properties of services with an empty database, another one each time
     * @param round how long each subject is measured in each round
     * @param longestWarmUp a subject warms up, round by round, until the JVM's compilers are quiet, or for so long
     */
    Bench(Supplier<Map<String, String>> services, int rounds, Duration round, Duration longestWarmUp) {
        this.services = services;
        this.rounds = rounds;
        this.round = round;
        this.longestWarmUp = longestWarmUp;
    }

    /** How many steps of about the same length a scenario takes. */
    int steps(Scenario scenario) {
        return scenario.subjects().size() * (rounds + 1);
    }

    /**
     * @param progress is told how many steps are done
     * @return one result for each subject, in their order
     * @throws AssertionError if the books of a subject are wrong
     */
    List<Result> run(Scenario scenario, IntConsumer progress) throws Exception {
        List<Subject> subjects = new ArrayList<>();
        List<Result.Rounds> results = new ArrayList<>();
        Map<String, String> ownServices = services.get();
        try (HikariDataSource server = Database.open(ownServices, scenario.database(), 1, "")) {
            Meter meter = new Meter(new JdbcTemplate(server));
            int steps = 0;
            for (Scenario.Maker maker : scenario.subjects()) {
                Subject subject = maker.make(services.get());
                subjects.add(subject);
                warmUp(subject);
                results.add(new Result.Rounds(subject.name()));
                progress.accept(++steps);
            }
            for (int i = 0; i < rounds; i++) {
                for (int j = 0; j < subjects.size(); j++) {
                    Meter.Reading before = meter.read();
                    Measured measured = subjects.get(j).run(round);
                    results.get(j).add(measured, meter.read().since(before));
                    progress.accept(++steps);
                }
            }
            subjects.forEach(Subject::verify);
        } finally {
            subjects.reversed().forEach(Subject::close);
        }
        return results.stream().map(Result.Rounds::result).toList();
    }

    private void warmUp(Subject subject) throws Exception {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        long end = System.nanoTime() + longestWarmUp.toNanos();
        while (true) {
            long start = System.nanoTime();
            long compiledMillis = compilers.getTotalCompilationTime();
            subject.run(round);
            long now = System.nanoTime();
            double busy = (compilers.getTotalCompilationTime() - compiledMillis) * 1e6 / (now - start);
            if (busy < QUIET || now >= end) {
                return;
            }
        }
    }
}
