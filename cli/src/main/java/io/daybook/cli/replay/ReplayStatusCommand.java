package io.daybook.cli.replay;

import io.daybook.cli.client.DaybookClient;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows all projections. */
@Command(name = "status", description = "Show the generations of every projection, and how far a replay has come.")
final class ReplayStatusCommand implements Runnable {

    @ParentCommand
    private ReplayCommand parent;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (DaybookClient client = parent.server().connect()) {
            OperationsClient operations = new OperationsClient(client);
            List<ReplayPart> all = operations.list(null);
            out.printf(
                    "%-10s %5s %6s %-9s %12s %12s  %s%n", "projection", "live", "aside", "state", "events", "left", "");
            all.stream()
                    .filter(part -> !part.ofLedgers())
                    .sorted(Comparator.comparing(ReplayPart::projection))
                    .forEach(part -> out.printf(
                            Locale.ROOT,
                            "%-10s %5d %6s %-9s %,12d %,12d  %s%n",
                            part.projection(),
                            part.live(),
                            part.aside() == null ? "-" : part.aside(),
                            stateAside(part),
                            part.events(),
                            part.behind(),
                            Objects.requireNonNullElse(part.detail(), "")));
            all.stream()
                    .filter(part -> part.ofLedgers() && part.state() != ReplayState.DONE)
                    .flatMap(part -> operations.ledgers(part.key()).stream())
                    .filter(ledger -> ledger.state() != ReplayState.DONE)
                    .sorted(Comparator.comparing(LedgerReplay::key))
                    .forEach(ledger -> out.printf(
                            Locale.ROOT,
                            "%-10s ledger %s: %s, posted anew up to event %,d, %,d of %,d events left  %s%n",
                            ledger.key().projection(),
                            ledger.key().ledger(),
                            ledger.state().label(),
                            ledger.reached(),
                            ledger.behind(),
                            ledger.events(),
                            Objects.requireNonNullElse(ledger.detail(), "")));
        }
        out.flush();
    }

    /** What becomes of the generation that is not live. */
    private static String stateAside(ReplayPart part) {
        if (part.aside() == null) {
            return "-";
        }
        return switch (part.state()) {
            case RUNNING, COMPARING -> "building";
            case PAUSED -> "paused";
            default -> "kept";
        };
    }
}
