package io.daybook.cli.projections;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.OnlyLedgerOption;
import io.daybook.cli.client.ServerOptions;
import io.daybook.events.LedgerId;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code daybook projections}. */
@Command(
        name = "projections",
        description = {
            "Tell how far the projections have come, how many ledgers are incomplete, that is, lack something that the"
                    + " journal has, and which are parked: an event of theirs could not be posted, and it and all after it"
                    + " wait.",
            "Exit status: 0 if all are at work and nothing is parked or known to be incomplete, else 1."
        })
public final class ProjectionsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OnlyLedgerOption only;

    @Option(names = "--json", description = "As a JSON document, for programs.")
    private boolean json;

    @Override
    public Integer call() {
        LedgerId ledger = only.ledger();
        JsonNode answer;
        try (DaybookClient client = server.connect()) {
            answer = client.get("/v1/projections" + (ledger == null ? "" : "?ledger=" + ledger))
                    .body();
        }
        JsonNode projections = answer.path("data");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.toPrettyString());
        } else {
            print(projections, ledger, out);
        }
        out.flush();
        return projections.valueStream().allMatch(ProjectionsCommand::isWell) ? 0 : 1;
    }

    private static boolean isWell(JsonNode projection) {
        String state = projection.path("state").asString("");
        return (state.equals("running") || state.equals("replaying"))
                && projection.path("parked").asLong() == 0
                && projection.path("incomplete").asLong(0) == 0;
    }

    private static void print(JsonNode projections, @Nullable LedgerId ledger, PrintWriter out) {
        out.printf(
                "%-10s %10s  %-11s %14s %11s %10s %14s %19s%s%n",
                "projection",
                "generation",
                "state",
                "behind, events",
                "behind, ms",
                "events/s",
                "parked, events",
                "incomplete, ledgers",
                ledger == null ? "" : "  sequence of " + ledger);
        for (JsonNode projection : projections) {
            out.printf(
                    Locale.ROOT,
                    "%-10s %10d  %-11s %,14d %,11d %,10.1f %,14d %19s%s%n",
                    projection.path("name").asString(),
                    projection.path("generation").asInt(),
                    projection.path("state").asString(),
                    projection.path("lagEvents").asLong(),
                    projection.path("lagMillis").asLong(),
                    projection.path("rate").asDouble(),
                    projection.path("parked").asLong(),
                    incomplete(projection),
                    ledger == null ? "" : "  " + sequence(projection));
        }
        if (projections
                .valueStream()
                .anyMatch(projection -> projection.path("incomplete").asLong(0) > 0)) {
            out.println("""

                    Ledgers that are incomplete are healed from the event store by themselves, some at a time; the log tells
                    which, and what is missing.""");
        }
        boolean parks = false;
        for (JsonNode projection : projections) {
            if (projection.hasNonNull("detail")) {
                out.println("\n" + projection.path("name").asString() + " is stopped, and tries again by itself: "
                        + projection.path("detail").asString());
            }
            String rebuild = DueRebuild.line(projection);
            if (rebuild != null) {
                out.println("\n" + rebuild);
            }
            for (JsonNode parked : projection.path("parkedLedgers")) {
                print(projection.path("name").asString(), parked, out);
                parks = true;
            }
        }
        if (parks) {
            out.println("""

                    Other ledgers go on, and what queries tell of these ends before the event that is named. Put right what
                    the reason tells: a newer Daybook reads what this one cannot, './daybook verify --ledger LEDGER' finds
                    what is missing, and where. Then the ledger is posted anew.""");
        }
    }

    /** How many ledgers are incomplete, in words: nobody may take for none what is not known. */
    public static String incomplete(JsonNode projection) {
        JsonNode ledgers = projection.path("incomplete");
        return ledgers.isNumber() ? String.format(Locale.ROOT, "%,d", ledgers.asLong()) : "unknown";
    }

    private static String sequence(JsonNode projection) {
        JsonNode sequence = projection.path("sequence");
        return sequence.isNumber() ? String.format(Locale.ROOT, "%,d", sequence.asLong()) : "not there";
    }

    private static void print(String projection, JsonNode parked, PrintWriter out) {
        String ledger = parked.path("ledger").asString();
        out.printf(
                Locale.ROOT,
                "%n%s of ledger %s: parked at event %,d, %,d waiting, since %s%n  %s%n  './daybook replay %s --ledger %s'"
                        + " heals it%n",
                projection,
                ledger,
                parked.path("sequence").asLong(),
                parked.path("events").asLong(),
                parked.path("since").asString(),
                parked.path("reason").asString(),
                projection,
                ledger);
    }
}
