package io.daybook.cli.replay;

import io.daybook.cli.replay.Generations.Row;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import io.daybook.installation.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
            "Ctrl-C pauses what the command has asked for; a replay that lost its application goes on by itself when that is"
                    + " there again.",
            "Exit status: 0 if all was done, and a dry run has found no differences; 1 if there are differences, or if"
                    + " something was refused, failed, or was paused or given up meanwhile; 2 if it was called wrongly; 130"
                    + " after Ctrl-C."
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

    /** One thread has its database work while the other makes the next batch; more gave nothing on two processors. */
    private static final int DEFAULT_PARALLEL = 2;

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
    private Source source = Source.kafka;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "By how many threads a new generation is posted, each with ledgers of its own: 1 to "
                    + MAX_PARALLEL + ". Default: " + DEFAULT_PARALLEL + ".")
    private @Nullable Integer parallel;

    @Parameters(paramLabel = "PROJECTION", arity = "0..1", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Target target;

    /** What was asked for; nothing is asked for without being seen by Ctrl-C. */
    private @Nullable Watch watch;

    @Override
    public Integer call() throws InterruptedException {
        if (target == null) {
            throw new ParameterException(
                    spec.commandLine(), "Which projection? 'balances', 'books', 'audit', or 'all' of them.");
        }
        if (parallel != null && (parallel < 1 || parallel > MAX_PARALLEL)) {
            throw new ParameterException(
                    spec.commandLine(), "--parallel " + parallel + ": it must be 1 to " + MAX_PARALLEL + ".");
        }
        scope.requireFitting(target, dryRun, parallel != null);
        List<String> projections = target.projections();
        if (scope.isEverything()) {
            Request request = dryRun ? Request.DRY_RUN : Request.REPLAY;
            int threads = Objects.requireNonNullElse(parallel, DEFAULT_PARALLEL);
            return run(
                    spec,
                    books -> Asked.of(
                            request, new Generations(books).build(projections, request, source, threads), Set.of()));
        }
        Map<String, Long> ledgers = ledgers();
        return run(
                spec,
                books -> Asked.of(Request.REPLAY, List.of(), new Repairs(books).ask(projections, ledgers, source)));
    }

    private BooksDatabase books() {
        return BooksDatabase.of(stores());
    }

    private Stores stores() {
        return Stores.of(Installation.folder(data));
    }

    /** Each with the sequence that it begins with. */
    private Map<String, Long> ledgers() {
        Instant since = scope.fromTime();
        String ledger = scope.ledger();
        try (EventStore store = EventStore.of(stores())) {
            if (since == null) {
                String named = Objects.requireNonNull(ledger);
                long last = store.lastOf(named);
                if (scope.fromSequence() > last) {
                    throw new CommandFailed("There are no events from " + scope.fromSequence() + " on in " + named
                            + ": its last is " + last + ".");
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

    /** Asks for something, and shows what comes of it until it is over. */
    private int run(CommandSpec caller, Function<BooksDatabase, Asked> asking) throws InterruptedException {
        try (BooksDatabase books = books()) {
            Thread pause = new Thread(this::interrupted, "pause");
            Runtime.getRuntime().addShutdownHook(pause);
            try {
                synchronized (this) {
                    watch = new Watch(books, asking.apply(books));
                }
                watch.untilOver();
                return watch.tell(caller.commandLine().getOut());
            } finally {
                // If it cannot be watched any more, it goes on by itself.
                remove(pause);
            }
        }
    }

    private static void remove(Thread pause) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(pause);
        } catch (IllegalStateException e) {
            // Ctrl-C has come: the process ends when that is done.
            pause.join();
        }
    }

    /** Pauses what the command has asked for, over a connection of its own: the other one is in use. */
    private void interrupted() {
        Asked open = open();
        if (open == null || !open.request().isPosting()) {
            return;
        }
        try (BooksDatabase books = books()) {
            List<String> withdrawn = open.generations().keySet().stream()
                    .filter(new Generations(books)::withdraw)
                    .toList();
            Watch pause = new Watch(books, pause(books, open.generations().keySet(), open.ledgers()));
            pause.untilOver();
            System.err.println("\n" + told(pause.met(), withdrawn));
        } catch (CommandFailed e) {
            System.err.println("\nNot paused: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Asked open() {
        return watch == null ? null : watch.open();
    }

    /** Ledgers are paused at once, generations by those who post them. */
    private static Asked pause(BooksDatabase books, Collection<String> projections, Collection<Repairs.Key> ledgers) {
        Generations generations = new Generations(books);
        Set<Repairs.Key> paused = new Repairs(books).pause(ledgers);
        List<Row> building = generations.rows(projections).stream()
                .filter(row -> row.isBuilding() && row.wanted() == null)
                .toList();
        generations.ask(building, Request.PAUSE);
        return Asked.of(Request.PAUSE, building, paused);
    }

    /** With commands that can be pasted as they are. */
    private String told(Asked paused, List<String> withdrawn) {
        if (paused.isNothing()) {
            return withdrawn.isEmpty()
                    ? "There was nothing to pause any more."
                    : "It had not begun, and does not any more: " + String.join(", ", withdrawn) + ".";
        }
        List<String> resumptions = new ArrayList<>();
        List<String> discards = new ArrayList<>();
        for (String projection : paused.projections()) {
            String ledgers = paused.ledgers().stream()
                    .filter(ledger -> ledger.projection().equals(projection))
                    .map(Repairs.Key::ledger)
                    .sorted()
                    .collect(Collectors.joining(","));
            resumptions.add(pasted("resume " + projection));
            if (paused.generations().containsKey(projection)) {
                discards.add(pasted("discard " + projection));
            } else {
                discards.add(pasted("discard " + projection + " --ledger " + ledgers));
            }
        }
        return "Paused. To go on:\n" + String.join("\n", resumptions) + "\nTo give it up:\n"
                + String.join("\n", discards);
    }

    private String pasted(String command) {
        return "  ./daybook replay " + command + (data == null ? "" : " --data '" + data + "'");
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
            List<String> all = Target.all.projections();
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
                                        row.key().projection(),
                                        row.key().ledger(),
                                        row.state(),
                                        row.reached(),
                                        row.behind(),
                                        row.events(),
                                        Objects.requireNonNullElse(row.detail(), "")));
            }
            out.flush();
        }
    }

    /** Asks for something of what is there. */
    abstract static class Asking implements Callable<Integer> {

        @CommandLine.ParentCommand
        ReplayCommand parent;

        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "PROJECTION", description = "${COMPLETION-CANDIDATES}.")
        Target target;

        @Override
        public Integer call() throws InterruptedException {
            // What belongs to a replay would be left out silently, and more be done than was meant.
            for (OptionSpec option : parent.spec.commandLine().getParseResult().matchedOptions()) {
                if (!option.inherited() && option.scopeType() != CommandLine.ScopeType.INHERIT) {
                    throw new ParameterException(
                            spec.commandLine(),
                            option.longestName() + " is not for '" + spec.name()
                                    + "'; an option of its own comes after it.");
                }
            }
            return parent.run(spec, this::ask);
        }

        abstract Asked ask(BooksDatabase books);

        /**
         * Asks those projections for which it makes sense; if there is no such, and nothing else to be done either, all of
         * them, so that they tell why not.
         *
         * @param ledgers for which it was done
         */
        Asked ask(BooksDatabase books, Request request, Predicate<Row> makesSense, Set<Repairs.Key> ledgers) {
            Generations generations = new Generations(books);
            List<Row> all = generations.rows(target.projections());
            List<Row> some = all.stream().filter(makesSense).toList();
            List<Row> asked = some.isEmpty() && ledgers.isEmpty() ? all : some;
            generations.ask(asked, request);
            return Asked.of(request, asked, ledgers);
        }

        /** All of the projections' ledgers that somebody has wanted posted anew. */
        List<Repairs.Key> ledgers(BooksDatabase books) {
            return new Repairs(books)
                    .rows(target.projections()).stream().map(Repairs.Row::key).toList();
        }
    }

    @Command(
            name = "pause",
            description = {
                "Pause all that is being replayed of a projection, single ledgers too, whoever has asked for it.",
                "Exit status: 0 if it was done, else 1."
            })
    static final class PauseCommand extends Asking {

        @Override
        Asked ask(BooksDatabase books) {
            Set<Repairs.Key> paused = new Repairs(books).pause(ledgers(books));
            return ask(books, Request.PAUSE, Row::isBuilding, paused);
        }
    }

    @Command(
            name = "resume",
            description = {
                "Go on with all that is paused of a projection, and with single ledgers that failed.",
                "Exit status: 0 if it was done, else 1; of a dry run, 0 if there are no differences."
            })
    static final class ResumeCommand extends Asking {

        @Override
        Asked ask(BooksDatabase books) {
            Set<Repairs.Key> resumed = new Repairs(books).resume(ledgers(books));
            return ask(books, Request.RESUME, Row::isPaused, resumed);
        }
    }

    @Command(
            name = "rollback",
            description = {
                "Bring the generation before this one up to date, and exchange them again.",
                "Exit status: 0 if they were exchanged, else 1."
            })
    static final class RollbackCommand extends Asking {

        @Override
        Asked ask(BooksDatabase books) {
            return ask(books, Request.ROLLBACK, row -> true, Set.of());
        }
    }

    @Command(
            name = "discard",
            description = {
                "Drop the generation that is not live, and give up single ledgers that are posted anew, or could not be. These"
                        + " stay parked, until they are posted anew.",
                "Exit status: 0 if it was done, else 1."
            })
    static final class DiscardCommand extends Asking {

        @Option(
                names = "--ledger",
                paramLabel = "LEDGER",
                split = ",",
                description = "Only give up these ledgers; a generation that is not live stays.")
        private List<String> only = List.of();

        @Override
        Asked ask(BooksDatabase books) {
            List<Repairs.Key> keys = ledgers(books).stream()
                    .filter(key -> only.isEmpty() || only.contains(key.ledger()))
                    .toList();
            Set<Repairs.Key> givenUp = new Repairs(books).discard(keys);
            if (only.isEmpty()) {
                return ask(books, Request.DISCARD, row -> row.aside() != null, givenUp);
            }
            if (givenUp.isEmpty()) {
                throw new CommandFailed("None of these is being posted anew, so there is nothing to give up: "
                        + String.join(", ", only) + ". './daybook replay status' tells what is.");
            }
            return Asked.of(Request.DISCARD, List.of(), givenUp);
        }
    }
}
