package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Shows what becomes of what was asked of some projections, until it is done or does not go on. */
final class Watch {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** How long a request may wait for an application that takes it up. */
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(15);

    private final BooksDatabase books;
    private final Target projections;

    Watch(BooksDatabase books, Target projections) {
        this.books = books;
        this.projections = projections;
    }

    /**
     * One look.
     *
     * @param isUnderWay whether it is not over yet
     * @param isWaiting whether something was asked for that nobody has taken up
     */
    private record Look(boolean isUnderWay, boolean isWaiting, long events, long behind) {}

    /**
     * Of whole generations.
     *
     * @param mustBeExchanged whether anything else is a failure
     * @return the exit status
     */
    int generations(PrintWriter out, boolean mustBeExchanged) throws InterruptedException {
        Generations generations = new Generations(books);
        Supplier<List<Generations.Row>> rows = () -> generations.rows(projections.projections());
        watch(() -> {
            List<Generations.Row> now = rows.get();
            return new Look(
                    now.stream().anyMatch(Generations.Row::isUnderWay),
                    now.stream().anyMatch(row -> row.wanted() != null && !row.isBuilding()),
                    now.stream().mapToLong(Generations.Row::events).sum(),
                    now.stream().mapToLong(Generations.Row::behind).sum());
        });
        List<Generations.Row> done = rows.get();
        done.forEach(row -> out.println(row.projection() + ": "
                + Objects.requireNonNullElse(row.detail(), "generation " + row.live() + " is live")));
        out.flush();
        boolean isHalted = mustBeExchanged && done.stream().anyMatch(row -> !"kept".equals(row.state()));
        return isHalted ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    /**
     * Of single ledgers.
     *
     * @return the exit status
     */
    int repairs(PrintWriter out, Set<String> ledgers) throws InterruptedException {
        Repairs repairs = new Repairs(books);
        Supplier<List<Repairs.Row>> rows = () -> repairs.rows(projections.projections()).stream()
                .filter(row -> ledgers.contains(row.ledger()))
                .toList();
        watch(() -> {
            List<Repairs.Row> now = rows.get();
            return new Look(
                    now.stream().anyMatch(Repairs.Row::isUnderWay),
                    now.stream().noneMatch(row -> !row.isWanted()),
                    now.stream().mapToLong(Repairs.Row::events).sum(),
                    now.stream().mapToLong(Repairs.Row::behind).sum());
        });
        List<Repairs.Row> done = rows.get();
        done.forEach(row -> out.printf(
                Locale.ROOT,
                "%s: ledger %s %s%n",
                row.projection(),
                row.ledger(),
                row.isDone() ? row.detail() : "is " + row.state() + ": " + row.detail()));
        out.flush();
        return done.stream().allMatch(Repairs.Row::isDone) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void watch(Supplier<Look> looks) throws InterruptedException {
        long takenUp = System.nanoTime();
        try (Showing showing = new Showing()) {
            for (Look look = looks.get(); look.isUnderWay(); look = looks.get()) {
                if (!look.isWaiting()) {
                    takenUp = System.nanoTime();
                    showing.show(look);
                } else if (System.nanoTime() - takenUp > TAKE_UP_TIMEOUT.toNanos()) {
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

        void show(Look look) {
            if (progress == null && look.events() > 0) {
                total = look.events();
                progress = Progress.of("Replaying", "events", total);
            }
            if (progress != null) {
                progress.reached(Math.clamp(look.events() - look.behind(), 0, total));
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
}
