package io.daybook.cli.replay;

import io.daybook.cli.installation.Installation;
import io.daybook.cli.installation.Stores;
import io.daybook.cli.replay.Generations.Row;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daybook replay}. */
@Command(
        name = "replay",
        description = {
            "Post a projection's books anew from the first event on, beside the live ones, and exchange them when they"
                    + " have caught up. Queries are answered all the while.",
            "Ctrl-C pauses; a replay that lost its application goes on by itself when that is there again."
        },
        subcommands = {
            ReplayCommand.StatusCommand.class,
            ReplayCommand.PauseCommand.class,
            ReplayCommand.ResumeCommand.class,
            ReplayCommand.RollbackCommand.class,
            ReplayCommand.DiscardCommand.class
        })
public final class ReplayCommand implements Callable<Integer> {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** How long a request may wait for an application that takes it up. */
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(15);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = CommandLine.ScopeType.INHERIT,
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    @Option(names = "--dry-run", description = "Tell how the new books differ from the live ones, and drop them.")
    private boolean dryRun;

    @Parameters(paramLabel = "PROJECTION", arity = "0..1", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Target target;

    @Override
    public Integer call() throws InterruptedException {
        if (target == null) {
            throw new ParameterException(
                    spec.commandLine(), "Which projection? 'balances', 'books', 'audit', or 'all' of them.");
        }
        return run(spec, target, dryRun ? "dry-run" : "replay");
    }

    private Generations generations() {
        return Generations.of(Stores.of(Installation.folder(data)));
    }

    /** Asks for something, and shows what comes of it until it is done. */
    private int run(CommandSpec caller, Target projections, String what) throws InterruptedException {
        PrintWriter out = caller.commandLine().getOut();
        try (Generations generations = generations()) {
            for (String projection : projections.projections()) {
                generations.ask(projection, what);
            }
            Thread pause = new Thread(() -> pause(generations, projections), "pause");
            Runtime.getRuntime().addShutdownHook(pause);
            List<Row> done = watch(generations, projections.projections());
            Runtime.getRuntime().removeShutdownHook(pause);
            done.forEach(row -> out.println(row.projection() + ": "
                    + Objects.requireNonNullElse(row.detail(), "generation " + row.live() + " is live")));
            out.flush();
            boolean isHalted = what.equals("replay") && done.stream().anyMatch(row -> !"kept".equals(row.state()));
            return isHalted ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        }
    }

    private static void pause(Generations generations, Target projections) {
        for (Row row : generations.rows(projections.projections())) {
            if ("building".equals(row.state()) && row.wanted() == null) {
                generations.ask(row.projection(), "pause");
            }
        }
        System.err.println(
                "\nPaused. './daybook replay resume " + projections.name().toLowerCase(Locale.ROOT) + "' goes on.");
    }

    private static List<Row> watch(Generations generations, List<String> projections) throws InterruptedException {
        long asked = System.nanoTime();
        try (Showing showing = new Showing()) {
            while (true) {
                List<Row> rows = generations.rows(projections);
                if (rows.stream().noneMatch(Row::isUnderWay)) {
                    return rows;
                }
                boolean isTakenUp =
                        rows.stream().allMatch(row -> row.wanted() == null || "building".equals(row.state()));
                if (isTakenUp) {
                    asked = System.nanoTime();
                    showing.show(rows);
                } else if (System.nanoTime() - asked > TAKE_UP_TIMEOUT.toNanos()) {
                    throw new CommandFailed("Nobody has taken this up for " + TAKE_UP_TIMEOUT.toSeconds()
                            + " s. Does Daybook run? './daybook status' tells. It is taken up when it does.");
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    /** A progress bar that begins when it is known how much there is to do. */
    private static final class Showing implements AutoCloseable {

        private @Nullable Progress progress;
        private long total;

        void show(List<Row> rows) {
            long events = rows.stream().mapToLong(Row::events).sum();
            long behind = rows.stream().mapToLong(Row::behind).sum();
            if (progress == null && events > 0) {
                total = events;
                progress = Progress.of("Replaying", "events", total);
            }
            if (progress != null) {
                progress.reached(Math.clamp(events - behind, 0, total));
            }
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.reached(total);
                progress.close();
            }
        }
    }

    /** Shows all projections. */
    @Command(name = "status", description = "Show the generations of every projection, and how far a replay has come.")
    static final class StatusCommand implements Runnable {

        @CommandLine.ParentCommand
        private ReplayCommand parent;

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%-10s %5s %6s %-9s %12s %12s  %s%n", "projection", "live", "aside", "state", "events", "left", "");
            try (Generations generations = parent.generations()) {
                generations
                        .rows(Target.ALL.projections())
                        .forEach(row -> out.printf(
                                Locale.ROOT,
                                "%-10s %5d %6s %-9s %,12d %,12d  %s%n",
                                row.projection(),
                                row.live(),
                                row.aside() == null ? "-" : row.aside(),
                                Objects.requireNonNullElse(row.state(), "-"),
                                row.events(),
                                row.behind(),
                                Objects.requireNonNullElse(row.detail(), "")));
            }
            out.flush();
        }
    }

    /** Asks for something that is done soon. */
    abstract static class Asking implements Callable<Integer> {

        @CommandLine.ParentCommand
        private ReplayCommand parent;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "PROJECTION", description = "${COMPLETION-CANDIDATES}.")
        private Target target;

        private final String what;

        Asking(String what) {
            this.what = what;
        }

        @Override
        public Integer call() throws InterruptedException {
            return parent.run(spec, target, what);
        }
    }

    @Command(name = "pause", description = "Pause a replay.")
    static final class PauseCommand extends Asking {
        PauseCommand() {
            super("pause");
        }
    }

    @Command(name = "resume", description = "Go on with a paused replay.")
    static final class ResumeCommand extends Asking {
        ResumeCommand() {
            super("resume");
        }
    }

    @Command(
            name = "rollback",
            description = "Bring the generation before this one up to date, and exchange them again.")
    static final class RollbackCommand extends Asking {
        RollbackCommand() {
            super("rollback");
        }
    }

    @Command(name = "discard", description = "Drop the generation that is not live.")
    static final class DiscardCommand extends Asking {
        DiscardCommand() {
            super("discard");
        }
    }
}
