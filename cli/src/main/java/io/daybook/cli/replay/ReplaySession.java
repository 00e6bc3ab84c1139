package io.daybook.cli.replay;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks for something, shows what comes of it until it is over, and pauses it at Ctrl-C. */
final class ReplaySession {

    private final ServerOptions server;

    /** What was asked for; nothing is asked for without being seen by Ctrl-C. */
    private @Nullable ReplayWatch watch;

    ReplaySession(ServerOptions server) {
        this.server = server;
    }

    /**
     * @return the exit status
     */
    int run(Function<OperationsClient, ReplayOrder> asking, PrintWriter out) throws InterruptedException {
        try (DaybookClient client = server.connect()) {
            OperationsClient operations = new OperationsClient(client);
            Thread pause = new Thread(() -> interrupted(operations), "pause");
            Runtime.getRuntime().addShutdownHook(pause);
            try {
                ReplayWatch current;
                synchronized (this) {
                    current = new ReplayWatch(operations, asking.apply(operations));
                    watch = current;
                }
                current.untilOver();
                return current.tell(out);
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

    private synchronized @Nullable ReplayOrder open() {
        return watch == null ? null : watch.open();
    }

    /** Pauses what the command has asked for. */
    private void interrupted(OperationsClient operations) {
        ReplayOrder open = open();
        if (open == null || !open.goal().isPosting()) {
            return;
        }
        try {
            List<String> withdrawn = new ArrayList<>();
            ReplayWatch pause = new ReplayWatch(operations, pause(operations, open, withdrawn));
            pause.untilOver();
            System.err.println("\n" + told(pause.met(), withdrawn));
        } catch (CommandFailed e) {
            System.err.println("\nNot paused: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ledgers are paused at once, generations by those who post them.
     *
     * @param withdrawn gets the projections for which nobody had begun
     */
    private static ReplayOrder pause(OperationsClient operations, ReplayOrder open, List<String> withdrawn) {
        List<ReplayPart> building = new ArrayList<>();
        for (ReplayPart part : open.generations()) {
            ReplayPart now = operations.find(part.replay()).stream()
                    .filter(candidate -> candidate.key().equals(part.key()))
                    .findFirst()
                    .orElse(part);
            ask(operations, part.key()).ifPresent(answer -> {
                if (answer.action() == null) {
                    withdrawn.add(part.projection());
                } else {
                    building.add(now);
                }
            });
        }
        Map<LedgerReplay.Key, String> paused = new HashMap<>();
        open.ledgers().entrySet().stream()
                .map(ledger ->
                        new ReplayPart.Key(ledger.getValue(), ledger.getKey().projection(), true))
                .distinct()
                .filter(part -> ask(operations, part).isPresent())
                .flatMap(part -> operations.ledgers(part).stream())
                .filter(ledger ->
                        ledger.state() == ReplayState.PAUSED && open.ledgers().containsKey(ledger.key()))
                .forEach(ledger -> paused.put(ledger.key(), open.ledgers().get(ledger.key())));
        return ReplayOrder.of(ReplayGoal.PAUSE, building, paused);
    }

    /** Empty if there is nothing to pause any more. */
    private static Optional<ReplayPart> ask(OperationsClient operations, ReplayPart.Key part) {
        try {
            return operations.ask(part, ReplayAction.PAUSE, null);
        } catch (RequestFailed refusal) {
            if (OperationsClient.isRefusal(refusal)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** With commands that can be pasted as they are. */
    private String told(ReplayOrder paused, List<String> withdrawn) {
        if (paused.isNothing()) {
            return withdrawn.isEmpty()
                    ? "There was nothing to pause any more."
                    : "It had not begun, and does not any more: " + String.join(", ", withdrawn) + ".";
        }
        List<String> resumptions = new ArrayList<>();
        List<String> discards = new ArrayList<>();
        for (String projection : paused.projections()) {
            resumptions.add(asTyped("resume " + projection));
            discards.add(asTyped("discard " + projection
                    + (paused.hasGeneration(projection)
                            ? ""
                            : " --ledger " + String.join(",", paused.ledgersOf(projection)))));
        }
        return "Paused. To go on:\n" + String.join("\n", resumptions) + "\nTo give it up:\n"
                + String.join("\n", discards);
    }

    private String asTyped(String command) {
        return "  ./daybook replay " + command + server.asTyped();
    }
}
