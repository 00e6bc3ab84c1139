package io.daybook.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.services.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daybook bench}. Exit status: 0 on success, 1 if a run failed or its books were wrong, 2 if it was called wrongly. */
@Command(
        name = "daybook bench",
        description = {
            "Measure Daybook against stock Axon, a ledger in SQL, and plain inserts, in turns on this machine.",
            "It starts services of its own and stops them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "SCENARIO",
            description = {
                "FLOW[/LEDGERS[/IN_FLIGHT[/WAY]]], such as world_to_bank/1/1024, or any_bounded_to_any/1/64/http, or"
                        + " .../batches;",
                "publication[/EVENTS];",
                "projection_catch_up[/PROJECTION[/EVENTS]], such as projection_catch_up/books, or .../all for all together;",
                "sustained[/ON_THEIR_WAY]: the most transfers that all projections keep up with;",
                "replay[/books[/EVENTS]];",
                "latency_at_rate[/RATE] and lag_at_rate[/RATE], in transfers a second;",
                "growth[/EVENTS]: the rate after so many events against that after a hundredth of them.",
                "Default: all flows, on 1 and 64 ledgers with 1, 64 and 1024 in flight, in process."
            })
    private List<Choice> choices = Stream.of(Flow.values()).map(Choice::of).toList();

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds after the warm-up. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description =
                    "How long each is measured in a round; a backlog takes as long as it takes. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "Each warms up until the compilers of this JVM are quiet, or for so long. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--accounts",
            defaultValue = "1000000",
            description = "Over all ledgers together. Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--json", paramLabel = "FILE", description = "Write every number there.")
    private @Nullable Path json;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page with tables there.")
    private @Nullable Path report;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Record with Java Flight Recorder, and write it there.")
    private @Nullable Path profile;

    private BenchCommand() {}

    public static void main(String[] arguments) {
        // Until an application has configured logging, what libraries have to say is of no use to anyone.
        LoggingSystem.get(BenchCommand.class.getClassLoader()).beforeInitialize();
        System.exit(new CommandLine(new BenchCommand())
                .registerConverter(Choice.class, Choice::of)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = choices.stream()
                .flatMap(choice -> choice.scenarios(accounts).stream())
                .toList();
        Path folder = Files.createTempDirectory("daybook-bench");
        System.err.println("Starting the services ...");
        try (Services services = Services.start(folder.resolve("data"), ready -> {})) {
            Report results = new Report(machine(services));
            try (Recording recording = recording()) {
                measure(
                        scenarios,
                        new Bench(
                                new OwnServices(services.asProperties(), "bench"),
                                rounds,
                                Duration.ofSeconds(seconds),
                                Duration.ofSeconds(warmUp)),
                        results);
                if (recording != null && profile != null) {
                    recording.dump(profile);
                    System.err.println("The recording is in " + profile + "; look at it with 'jfr view hot-methods "
                            + profile + "' or JDK Mission Control.");
                }
            }
            System.out.print(results.text());
            write(json, results.json());
            write(report, results.markdown());
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
        return 0;
    }

    private static Machine machine(Services services) {
        try (HikariDataSource server = Database.open(services.asProperties(), Database.EVENT_STORE, 1, "")) {
            return Machine.of(new JdbcTemplate(server));
        }
    }

    private @Nullable Recording recording() throws Exception {
        if (profile == null) {
            return null;
        }
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.start();
        return recording;
    }

    private static void measure(List<Scenario> scenarios, Bench bench, Report results) throws Exception {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("measuring")
                .setInitialMax(scenarios.stream().mapToInt(bench::steps).sum())
                .build()) {
            int done = 0;
            for (Scenario scenario : scenarios) {
                int before = done;
                bar.setExtraMessage(" " + scenario.name());
                results.add(scenario, bench.run(scenario, step -> bar.stepTo(before + step)));
                done += bench.steps(scenario);
            }
        }
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
            System.err.println("Written: " + file);
        }
    }
}
