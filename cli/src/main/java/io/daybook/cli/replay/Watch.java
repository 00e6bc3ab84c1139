package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Shows what becomes of what a command has asked for, until all of it is over or does not go on. */
final class Watch {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** How long a request may wait for an application that takes it up. */
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(15);

    /** Of so many that are under way something is told at a time. */
    private static final int NOTES = 5;

    private final Generations generations;
    private final Repairs repairs;
    private final Asked asked;

    /** What is not over yet. What becomes of it later may be somebody else's doing. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** As each was when it was last seen, by its title. */
    private final Map<String, Watched> seen = new TreeMap<>();

    Watch(BooksDatabase books, Asked asked) {
        this.generations = new Generations(books);
        this.repairs = new Repairs(books);
        this.asked = asked;
        open.addAll(asked.generations().keySet());
        asked.ledgers().forEach(ledger -> open.add(ledger.title()));
    }

    /** What is not over yet; any thread may ask. */
    Asked open() {
        return Asked.of(
                asked.request(),
                asked.generations().values().stream()
                        .filter(row -> open.contains(row.title()))
                        .toList(),
                asked.ledgers().stream()
                        .filter(ledger -> open.contains(ledger.title()))
                        .collect(Collectors.toSet()));
    }

    /** Waits until all is over. */
    void untilOver() throws InterruptedException {
        long takenUp = System.nanoTime();
        try (Showing showing = new Showing()) {
            while (true) {
                if (look()) {
                    takenUp = System.nanoTime();
                }
                if (asked.request().isPosting()) {
                    showing.show(seen.values());
                }
                if (open.isEmpty()) {
                    return;
                }
                if (System.nanoTime() - takenUp > TAKE_UP_TIMEOUT.toNanos()) {
                    throw new CommandFailed("Nobody has taken this up for " + TAKE_UP_TIMEOUT.toSeconds()
                            + " s. Does Daybook run? './daybook status' tells, and './daybook replay status' what it does."
                            + " It is taken up when it can.");
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    /** Whether somebody is at all of it. Ledgers are posted anew one after the other. */
    private boolean look() {
        Map<String, Watched> now = new TreeMap<>();
        List<Generations.Row> rows = generations.rows(asked.generations().keySet());
        rows.forEach(row -> now.put(row.title(), row));
        asked.ledgers().forEach(key -> now.put(key.title(), Repairs.Row.givenUp(key)));
        List<Repairs.Row> ledgers = asked.ledgers().isEmpty() ? List.of() : repairs.rows(asked.projections());
        ledgers.stream().filter(row -> asked.ledgers().contains(row.key())).forEach(row -> now.put(row.title(), row));
        for (String title : List.copyOf(open)) {
            Watched row = now.get(title);
            seen.put(title, row);
            if (!row.isUnderWay()) {
                open.remove(title);
            }
        }
        boolean isAnyLedgerOpen = asked.ledgers().stream().anyMatch(ledger -> open.contains(ledger.title()));
        return rows.stream().filter(row -> open.contains(row.title())).allMatch(row -> asked.request()
                        .isTakenUp(row))
                && (!isAnyLedgerOpen || ledgers.stream().anyMatch(Watched::isPosting));
    }

    /** Whether it came out as was asked for. */
    private boolean isMet(Watched row) {
        return switch (row) {
            case Generations.Row generation ->
                asked.request().isMet(asked.generations().get(generation.projection()), generation);
            case Repairs.Row ledger -> asked.request().isMet(ledger);
        };
    }

    /** What came out as was asked for. */
    Asked met() {
        List<Generations.Row> met = new ArrayList<>();
        Set<Repairs.Key> ledgers = new HashSet<>();
        for (Watched row : seen.values()) {
            if (isMet(row)) {
                switch (row) {
                    case Generations.Row generation -> met.add(generation);
                    case Repairs.Row ledger -> ledgers.add(ledger.key());
                }
            }
        }
        return Asked.of(asked.request(), met, ledgers);
    }

    /**
     * Tells what came of it.
     *
     * @return the exit status
     */
    int tell(PrintWriter out) {
        seen.values().forEach(row -> out.println(row.outcome()));
        out.flush();
        return seen.values().stream().allMatch(this::isMet) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Progress that begins when it is known how much there is to do, and ends where it was seen last. */
    private final class Showing implements AutoCloseable {

        /** What was seen at work: the others' numbers may be of something that was before. */
        private final Set<String> posting = new HashSet<>();

        private @Nullable Progress progress;

        void show(Collection<Watched> rows) {
            rows.stream().filter(Watched::isPosting).map(Watched::title).forEach(posting::add);
            List<Watched> shown =
                    rows.stream().filter(row -> posting.contains(row.title())).toList();
            long total = shown.stream().mapToLong(Watched::events).sum();
            long left = shown.stream().mapToLong(Watched::behind).sum();
            if (progress == null && total > 0) {
                progress = Progress.of("Replaying", "events", total, asked.doneBefore());
            }
            if (progress != null) {
                progress.reached(Math.clamp(total - left, 0, total), total, note(rows));
            }
        }

        private String note(Collection<Watched> rows) {
            return rows.stream()
                    .filter(row -> row.isUnderWay() && !row.note().isEmpty())
                    .limit(NOTES)
                    .map(Watched::note)
                    .collect(Collectors.joining("; "));
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
