package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Shows what becomes of what a command has asked for, until all of it is over or does not go on. */
final class ReplayWatch {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** How long a request may wait for an application that takes it up. */
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(15);

    /** Of so many that are under way something is told at a time. */
    private static final int NOTES = 5;

    private final OperationsClient operations;
    private final ReplayOrder order;

    /** What is not over yet. What becomes of it later may be somebody else's doing. */
    private final Set<ReplayPart.Key> open = ConcurrentHashMap.newKeySet();

    /** As each part was when it was last seen, in the order of projections. */
    private final Map<ReplayPart.Key, ReplayPart> seen = new LinkedHashMap<>();

    /** What has become of ledgers whose part is over. */
    private final Map<LedgerReplay.Key, LedgerReplay> ledgers = new TreeMap<>();

    /** Of these another replay has taken the place. */
    private final Set<ReplayPart.Key> overtaken = new HashSet<>();

    ReplayWatch(OperationsClient operations, ReplayOrder order) {
        this.operations = operations;
        this.order = order;
        order.generations().forEach(part -> open.add(part.key()));
        order.ledgers().forEach((ledger, replay) -> open.add(new ReplayPart.Key(replay, ledger.projection(), true)));
    }

    /** What is not over yet; any thread may ask. */
    ReplayOrder open() {
        return order.only(
                open,
                order.ledgers().entrySet().stream()
                        .filter(ledger -> open.contains(new ReplayPart.Key(
                                ledger.getValue(), ledger.getKey().projection(), true)))
                        .map(Map.Entry::getKey)
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
                if (order.goal().isPosting()) {
                    showing.show(seen.values());
                }
                if (open.isEmpty()) {
                    return;
                }
                if (System.nanoTime() - takenUp > TAKE_UP_TIMEOUT.toNanos()) {
                    if (!othersArePosted()) {
                        throw new CommandFailed("Nobody has taken this up for " + TAKE_UP_TIMEOUT.toSeconds()
                                + " s. Does Daybook run? './daybook status' tells, and './daybook replay status' what it"
                                + " does. It is taken up when it can.");
                    }
                    takenUp = System.nanoTime();
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    /** Ledgers are posted anew one after the other, whoever has asked for them. */
    private boolean othersArePosted() {
        return open.stream()
                .allMatch(key -> key.ofLedgers()
                        && operations.list(key.projection()).stream()
                                .anyMatch(part -> part.ofLedgers() && part.state() == ReplayState.RUNNING));
    }

    /** Whether somebody is at all of it. */
    private boolean look() {
        Map<ReplayPart.Key, ReplayPart> now = open.stream()
                .map(ReplayPart.Key::replay)
                .distinct()
                .flatMap(replay -> operations.find(replay).stream())
                .collect(Collectors.toMap(ReplayPart::key, Function.identity()));
        boolean isTakenUp = true;
        for (ReplayPart.Key key : List.copyOf(open)) {
            ReplayPart part = now.get(key);
            if (part != null) {
                seen.put(key, part);
                isTakenUp &= order.goal().isTakenUp(part);
            }
            // Ledgers are paused and given up at once; others of the same replay may go on.
            boolean isDone = key.ofLedgers() && !order.goal().isPosting();
            if (part == null || !part.isUnderWay() || isDone) {
                if (key.ofLedgers()) {
                    lookAtLedgers(key);
                } else if (part == null) {
                    overtaken.add(key);
                }
                open.remove(key);
            }
        }
        return isTakenUp;
    }

    private void lookAtLedgers(ReplayPart.Key part) {
        Map<LedgerReplay.Key, LedgerReplay> now = new HashMap<>();
        operations.ledgers(part).forEach(ledger -> now.put(ledger.key(), ledger));
        order.ledgers().forEach((ledger, replay) -> {
            if (replay.equals(part.replay()) && ledger.projection().equals(part.projection())) {
                ledgers.put(ledger, now.getOrDefault(ledger, LedgerReplay.givenUp(ledger)));
            }
        });
    }

    private boolean isMet(ReplayPart before) {
        ReplayPart after = seen.get(before.key());
        return after != null
                && !overtaken.contains(before.key())
                && order.goal().isMet(before, after);
    }

    /** What came out as was asked for. */
    ReplayOrder met() {
        return order.only(
                order.generations().stream()
                        .filter(this::isMet)
                        .map(ReplayPart::key)
                        .toList(),
                ledgers.values().stream()
                        .filter(order.goal()::isMet)
                        .map(LedgerReplay::key)
                        .collect(Collectors.toSet()));
    }

    /**
     * Tells what came of it.
     *
     * @return the exit status
     */
    int tell(PrintWriter out) {
        Map<String, String> outcomes = new TreeMap<>();
        for (ReplayPart before : order.generations()) {
            ReplayPart after = seen.get(before.key());
            outcomes.put(
                    before.projection(),
                    after == null || overtaken.contains(before.key())
                            ? before.projection()
                                    + ": another replay has taken the place of this one; './daybook replay status' tells"
                            : after.outcome());
        }
        ledgers.values().forEach(ledger -> outcomes.put(ledger.key().title(), ledger.outcome()));
        order.refusals().forEach(refusal -> outcomes.put(refusal, refusal));
        outcomes.values().forEach(out::println);
        out.flush();
        boolean isAllMet = order.refusals().isEmpty()
                && order.generations().stream().allMatch(this::isMet)
                && ledgers.values().stream().allMatch(order.goal()::isMet);
        return isAllMet ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Progress that begins when it is known how much there is to do, and ends where it was seen last. */
    private final class Showing implements AutoCloseable {

        /** What was seen at work: the others' numbers may be of something that was before. */
        private final Set<ReplayPart.Key> posting = new HashSet<>();

        private @Nullable Progress progress;

        void show(Collection<ReplayPart> parts) {
            parts.stream()
                    .filter(part -> part.state().isAtWork())
                    .map(ReplayPart::key)
                    .forEach(posting::add);
            List<ReplayPart> shown = new ArrayList<>(parts);
            shown.removeIf(part -> !posting.contains(part.key()));
            long total = shown.stream().mapToLong(ReplayPart::events).sum();
            long left = shown.stream().mapToLong(ReplayPart::behind).sum();
            if (progress == null && total > 0) {
                progress = Progress.of("Replaying", "events", total, order.doneBefore());
            }
            if (progress != null) {
                progress.reached(Math.clamp(total - left, 0, total), total, note(parts));
            }
        }

        private String note(Collection<ReplayPart> parts) {
            return parts.stream()
                    .filter(ReplayPart::isUnderWay)
                    .map(ReplayPart::note)
                    .filter(note -> !note.isEmpty())
                    .limit(NOTES)
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
