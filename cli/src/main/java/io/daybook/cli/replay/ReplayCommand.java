package io.daybook.cli.replay;

import io.daybook.cli.installation.Installation;
import io.daybook.cli.installation.Stores;
import io.daybook.cli.replay.Generations.Row;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
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
            "With --ledger, only that ledger is posted anew, in its place, while the projection goes on for the others.",
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

    /** As many as there are partitions in Kafka. */
    private static final int MAX_PARALLEL = 12;

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

    @Mixin
    private Scope scope;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description =
                    "Where the events are taken from: ${COMPLETION-CANDIDATES}. Default: kafka. The event store has them"
                            + " even when Kafka has lost them.")
    private Source source = Source.KAFKA;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "By how many threads a new generation is posted, each with ledgers of its own: 1 to "
                    + MAX_PARALLEL + ". Default: ${DEFAULT-VALUE}.")
    private int parallel;

    @Parameters(paramLabel = "PROJECTION", arity = "0..1", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Target target;

    @Override
    public Integer call() throws InterruptedException {
        if (target == null) {
            throw new ParameterException(
                    spec.commandLine(), "Which projection? 'balances', 'books', 'audit', or 'all' of them.");
        }
        scope.requireFitting(target, dryRun);
        return scope.isEverything() ? run(spec, target, dryRun ? "dry-run" : "replay") : repair(target);
    }

    private BooksDatabase books() {
        return BooksDatabase.of(stores());
    }

    private Stores stores() {
        return Stores.of(Installation.folder(data));
    }

    /** Has single ledgers posted anew where they are. */
    private int repair(Target projections) throws InterruptedException {
        Map<String, Long> ledgers = ledgers();
        try (BooksDatabase books = books()) {
            Repairs repairs = new Repairs(books);
            for (String projection : projections.projections()) {
                repairs.ask(projection, ledgers, source);
            }
            PrintWriter out = spec.commandLine().getOut();
            return watched(projections, () -> new Watch(books, projections).repairs(out, ledgers.keySet()));
        }
    }

    /** Each with the sequence that it begins with. */
    private Map<String, Long> ledgers() {
        Instant since = scope.fromTime();
        String ledger = scope.ledger();
        try (EventStore store = EventStore.of(stores())) {
            if (since == null) {
                String named = Objects.requireNonNull(ledger);
                if (!store.has(named)) {
                    throw new CommandFailed("There is no ledger '" + named + "'.");
                }
                return Map.of(named, scope.fromSequence());
            }
            Map<String, Long> found = store.firstSince(since, ledger);
            if (found.isEmpty()) {
                throw new CommandFailed(
                        "There are no events since " + since + (ledger == null ? "." : " in " + ledger + "."));
            }
            return found;
        }
    }

    /** Asks for something, and shows what comes of it until it is done. */
    private int run(CommandSpec caller, Target projections, String what) throws InterruptedException {
        try (BooksDatabase books = books()) {
            Generations generations = new Generations(books);
            for (String projection : projections.projections()) {
                generations.ask(projection, what, source, parallel);
            }
            PrintWriter out = caller.commandLine().getOut();
            boolean mustBeExchanged = what.equals("replay");
            return watched(projections, () -> new Watch(books, projections).generations(out, mustBeExchanged));
        }
    }

    /** Something that shows how far it is until it is done. */
    @FunctionalInterface
    private interface Watched {
        int call() throws InterruptedException;
    }

    /** Ctrl-C pauses what is watched; if it cannot be watched any more, it goes on by itself. */
    private int watched(Target projections, Watched watched) throws InterruptedException {
        Thread pause = new Thread(() -> interrupted(projections), "pause");
        Runtime.getRuntime().addShutdownHook(pause);
        try {
            return watched.call();
        } finally {
            Runtime.getRuntime().removeShutdownHook(pause);
        }
    }

    /** Over a connection of its own: the other one is in use. */
    private void interrupted(Target projections) {
        try (BooksDatabase books = books()) {
            boolean isPaused = false;
            for (String projection : projections.projections()) {
                isPaused |= pause(books, projection);
            }
            System.err.println(
                    isPaused
                            ? "\nPaused. './daybook replay resume "
                                    + projections.name().toLowerCase(Locale.ROOT)
                                    + "' goes on, './daybook replay discard' gives it up."
                            : "\nThere was nothing to pause any more.");
        } catch (CommandFailed e) {
            System.err.println("\nNot paused, it goes on: " + e.getMessage());
        }
    }

    /** Goes on with single ledgers; those that did. */
    private static Set<String> resume(BooksDatabase books, Target projections) {
        Repairs repairs = new Repairs(books);
        projections.projections().forEach(repairs::resume);
        return repairs.rows(projections.projections()).stream()
                .filter(Repairs.Row::isUnderWay)
                .map(Repairs.Row::ledger)
                .collect(Collectors.toSet());
    }

    /** Whether there was something to pause. */
    private static boolean pause(BooksDatabase books, String projection) {
        Generations generations = new Generations(books);
        boolean isPaused = new Repairs(books).pause(projection) > 0 || generations.withdraw(projection);
        for (Row row : generations.rows(List.of(projection))) {
            if (row.isBuilding() && row.wanted() == null) {
                generations.ask(projection, "pause");
                isPaused = true;
            }
        }
        return isPaused;
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
            List<String> all = Target.ALL.projections();
            try (BooksDatabase books = parent.books()) {
                out.printf(
                        "%-10s %5s %6s %-9s %12s %12s  %s%n",
                        "projection", "live", "aside", "state", "events", "left", "");
                new Generations(books)
                        .rows(all)
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
                new Repairs(books)
                        .rows(all).stream()
                                .filter(row -> !row.isDone())
                                .forEach(row -> out.printf(
                                        Locale.ROOT,
                                        "%-10s ledger %s: %s, posted anew up to event %,d, %,d of %,d events left  %s%n",
                                        row.projection(),
                                        row.ledger(),
                                        row.state(),
                                        row.reached(),
                                        row.behind(),
                                        row.events(),
                                        Objects.requireNonNullElse(row.detail(), "")));
            }
            out.flush();
        }
    }

    /** Asks for something that is done soon. */
    abstract static class Asking implements Callable<Integer> {

        @CommandLine.ParentCommand
        ReplayCommand parent;

        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "PROJECTION", description = "${COMPLETION-CANDIDATES}.")
        Target target;

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

        @Override
        public Integer call() throws InterruptedException {
            try (BooksDatabase books = parent.books()) {
                int ledgers = target.projections().stream()
                        .mapToInt(new Repairs(books)::pause)
                        .sum();
                if (ledgers > 0) {
                    spec.commandLine().getOut().println(ledgers + " ledgers are paused; 'resume' goes on");
                    return ExitCode.OK;
                }
            }
            return super.call();
        }
    }

    @Command(name = "resume", description = "Go on with a paused replay.")
    static final class ResumeCommand extends Asking {
        ResumeCommand() {
            super("resume");
        }

        @Override
        public Integer call() throws InterruptedException {
            try (BooksDatabase books = parent.books()) {
                Set<String> ledgers = resume(books, target);
                if (!ledgers.isEmpty()) {
                    PrintWriter out = spec.commandLine().getOut();
                    return parent.watched(target, () -> new Watch(books, target).repairs(out, ledgers));
                }
            }
            return super.call();
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
