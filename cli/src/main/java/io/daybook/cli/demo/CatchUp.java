package io.daybook.cli.demo;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Waits until every projection has seen a ledger up to a sequence.
 *
 * <p>The books and the balances tell the sequence they have reached. The audit does not, so it counts as there when it has
 * read all that is in Kafka, which is worth something only after the books have reached the sequence: they get it from
 * Kafka too, so then it is in there.
 */
final class CatchUp {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    /** How long nothing may move before it is an error. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int NOT_FOUND = 404;

    private final DaybookClient client;
    private final LedgerId ledger;

    CatchUp(DaybookClient client, LedgerId ledger) {
        this.client = client;
        this.ledger = ledger;
    }

    /**
     * @param accountInBalances an account that the ledger has, to ask the balances by
     * @throws CommandFailed if nothing moves any more
     */
    void await(long sequence, String accountInBalances) {
        try (Progress progress = Progress.of("Posting to the books", "events", sequence)) {
            long mark = Long.MIN_VALUE;
            long lastMoveNanos = System.nanoTime();
            while (true) {
                long reached = Math.min(
                        sequenceOf("/v1/ledgers/" + ledger),
                        sequenceOf("/v1/ledgers/" + ledger + "/accounts/" + accountInBalances));
                List<ProjectionLine> projections = ProjectionLine.all(client);
                long lag = projections.stream()
                        .mapToLong(ProjectionLine::lagEvents)
                        .max()
                        .orElse(0);
                progress.reached(Math.min(reached, Math.max(sequence - lag, 0)));
                if (reached >= sequence && areAllCaughtUp(projections)) {
                    return;
                }
                if (reached - lag != mark) {
                    mark = reached - lag;
                    lastMoveNanos = System.nanoTime();
                } else if (System.nanoTime() - lastMoveNanos > PATIENCE.toNanos()) {
                    throw new CommandFailed(stuck(sequence, reached, projections));
                }
                sleep();
            }
        }
    }

    private static boolean areAllCaughtUp(List<ProjectionLine> projections) {
        Set<String> caughtUp = projections.stream()
                .filter(ProjectionLine::isCaughtUp)
                .map(ProjectionLine::name)
                .collect(Collectors.toSet());
        return caughtUp.containsAll(ProjectionLine.NAMES);
    }

    private String stuck(long sequence, long reached, List<ProjectionLine> projections) {
        return String.format(
                        Locale.ROOT,
                        "Ledger %s is at sequence %,d, but it shows up to %,d, and nothing has moved for %d s.%n",
                        ledger,
                        sequence,
                        reached,
                        PATIENCE.toSeconds())
                + projections.stream()
                        .map(p -> "  " + p.name() + ": " + p.state() + ", behind: " + p.behind() + ", parked: "
                                + p.parked())
                        .collect(Collectors.joining("\n", "", "\n"))
                + "'./daybook status' tells whether a part is down, the log in the data folder's logs why.";
    }

    /** How far the answer has come; nowhere while it does not know the ledger or the account yet. */
    private long sequenceOf(String path) {
        try {
            return client.get(path).ledgerSequence().orElse(0);
        } catch (RequestFailed e) {
            if (e.status() == NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("Interrupted while the projections caught up. They go on by themselves.", e);
        }
    }
}
