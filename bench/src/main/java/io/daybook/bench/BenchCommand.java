package io.daybook.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Bench;
import io.daybook.bench.measure.Machine;
import io.daybook.bench.measure.Measurements;
import io.daybook.bench.measure.Outcome;
import io.daybook.bench.measure.Profile;
import io.daybook.bench.measure.RunProgress;
import io.daybook.bench.measure.Scenario;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.bench.report.Chart;
import io.daybook.bench.report.Report;
import io.daybook.bench.setup.OwnServices;
import io.daybook.bench.transfers.Flow;
import io.daybook.services.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jfr.Recording;
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

    private static final Path RECORDING = Path.of("daybook-bench.jfr");

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = {
                "page: all that docs/performance.md tells of;",
                "FLOW[/LEDGERS[/IN_FLIGHT[/WAY]]], such as world_to_bank/1/1024, or any_bounded_to_any/1/64/http, or"
                        + " .../batches;",
                "hot_account: world_to_bank against world_to_any;",
                "QUERY[/CLIENTS], such as statement/64;",
                "publication[/EVENTS];",
                "projection_catch_up[/PROJECTION[/EVENTS]], such as projection_catch_up/books, or .../all for all together;",
                "sustained[/ON_THEIR_WAY]: the most transfers that all projections keep up with;",
                "replay[/books[/EVENTS]];",
                "latency_at_rate[/RATE] and lag_at_rate[/RATE], in transfers a second;",
                "growth[/EVENTS]: the rate after so many events against that after a hundredth of them;",
                "memory[/ACCOUNTS].",
                "Default: all flows, on 1 and 64 ledgers with 1, 64 and 1024 in flight, in process."
            })
    private @Nullable List<Choice> choices;

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

    @Option(names = "--json", paramLabel = "FILE", description = "Write every number there, after each scenario.")
    private @Nullable Path json;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Take in what an earlier run wrote with --json; without a scenario nothing is measured. What is"
                            + " measured anew counts. Can be given several times.")
    private List<Path> from = List.of();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = {
                "Write a page there, and next to it a chart as .svg and every number as .json.",
                "With that in --from, part of a page can be measured anew."
            })
    private @Nullable Path report;

    @Option(
            names = "--profile",
            description = "Record with Java Flight Recorder, into daybook-bench.jfr, and print the top of it.")
    private boolean profile;

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
        List<Measurements> runs = new ArrayList<>();
        for (Path file : from) {
            runs.add(Measurements.ofJson(Files.readString(file)));
        }
        if (choices != null || from.isEmpty()) {
            Measurements measured = measure();
            System.out.print(new Report(measured).text());
            runs.add(measured);
        }
        Measurements all = Measurements.of(runs);
        write(json, all.json());
        if (report != null) {
            Path chart = beside(report, ".svg");
            write(chart, new Chart(all).svg());
            write(beside(report, ".json"), all.json());
            write(report, new Report(all).markdown(chart.getFileName().toString()));
        }
        return 0;
    }

    private static Path beside(Path page, String extension) {
        return page.resolveSibling(page.getFileName().toString().replaceFirst("(\\.[^.]*)?$", extension));
    }

    private Measurements measure() throws Exception {
        List<Scenario> scenarios = (choices == null ? Stream.of(Flow.values()).map(Choice::of) : choices.stream())
                .flatMap(choice -> choice.scenarios(accounts).stream())
                .toList();
        Path folder = Files.createTempDirectory("daybook-bench");
        System.err.println("Starting the services ...");
        try (Services services = Services.start(folder.resolve("data"), ready -> {})) {
            Bench bench = new Bench(
                    new OwnServices(services.asProperties(), "bench"),
                    rounds,
                    Duration.ofSeconds(seconds),
                    Duration.ofSeconds(warmUp));
            if (!profile) {
                return measure(scenarios, bench, machine(services));
            }
            try (Recording recording = Profile.start()) {
                Measurements measured = measure(scenarios, bench, machine(services));
                recording.dump(RECORDING);
                System.out.print(Profile.of(RECORDING).text());
                System.err.println("The recording is in " + RECORDING + "; see more of it with 'jfr view hot-methods "
                        + RECORDING + "' or JDK Mission Control.");
                return measured;
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static Map<String, String> machine(Services services) {
        try (HikariDataSource server =
                SubjectDatabase.open(services.asProperties(), SubjectDatabase.EVENT_STORE, 1, "")) {
            return Machine.facts(new JdbcTemplate(server));
        }
    }

    private Measurements measure(List<Scenario> scenarios, Bench bench, Map<String, String> machine) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        Duration planned = scenarios.stream().map(bench::planned).reduce(Duration.ZERO, Duration::plus);
        try (RunProgress progress = new RunProgress(planned, System.err)) {
            for (Scenario scenario : scenarios) {
                outcomes.add(Outcome.of(scenario, LocalDate.now(ZoneOffset.UTC), bench.run(scenario, progress)));
                if (json != null) {
                    // If a later one fails, those before it need not be measured again.
                    Files.writeString(json, new Measurements(machine, outcomes).json());
                }
            }
        }
        return new Measurements(machine, outcomes);
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
            System.err.println("Written: " + file);
        }
    }
}
